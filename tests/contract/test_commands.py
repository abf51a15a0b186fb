"""The real command `scaleset`, as a process of its own, against the offline Azure over https."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from offline import workspace
from offline.arm import faults
from offline.arm.compute import publishing
from offline.arm.store import Store
from offline.https_server import running
from tests.contract.conftest import SUBSCRIPTION
from tests.unit.offline.arm import GROUP, Arm, scale_set, virtual_network

SET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/web"
COMMAND = str(Path(sys.executable).with_name("scaleset"))
BY_NAME = ("--group", "group", "--name", "web")
HEALTH = {
    "name": "health",
    "properties": {
        "publisher": "Microsoft.ManagedServices",
        "type": "ApplicationHealthLinux",
        "typeHandlerVersion": "1.0",
        "autoUpgradeMinorVersion": True,
        "settings": {"protocol": "tcp", "port": 80},
    },
}
ROLLING: dict[str, Any] = {
    "upgradePolicy": {"mode": "Rolling", "rollingUpgradePolicy": {"maxBatchInstancePercent": 20, "pauseTimeBetweenBatches": "PT5M"}}
}
Done = subprocess.CompletedProcess[str]


def app(command: str) -> dict[str, Any]:
    """A Custom Script extension."""
    return {
        "name": "app",
        "properties": {
            "publisher": "Microsoft.Azure.Extensions",
            "type": "CustomScript",
            "typeHandlerVersion": "2.1",
            "autoUpgradeMinorVersion": True,
            "settings": {"commandToExecute": command},
        },
    }


@dataclass
class Site:
    """An Azure with one scale set, and the command beside it."""

    store: Store
    environment: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)

    def deploy(
        self, capacity: int = 3, settle: bool = True, extensions: Sequence[Any] = (), flexible: bool = False, **properties: Any
    ) -> None:
        """Makes the scale set `web`, and waits till its instances run."""
        arm = Arm(self.store)
        arm.made("", {"location": "westeurope"})
        arm.made("Microsoft.Network/virtualNetworks/net", virtual_network(("instances", "10.0.0.0/24")))
        self.body = scale_set(f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/instances", **properties)
        self.body["sku"]["capacity"] = capacity
        self.body["properties"]["virtualMachineProfile"]["extensionProfile"] = {"extensions": list(extensions)}
        if flexible:
            del self.body["properties"]["overprovision"]
            self.body["properties"] |= {"orchestrationMode": "Flexible", "platformFaultDomainCount": 1}
            self.body["properties"]["virtualMachineProfile"]["networkProfile"]["networkApiVersion"] = "2022-11-01"
        arm.made(SET, self.body)
        if settle:
            self.pass_time()

    def change(self, script: str | None = None, **tags: str) -> None:
        """Writes another model: with one more extension, which runs *script*, and with these tags."""
        if script is not None:
            profile = self.body["properties"]["virtualMachineProfile"]["extensionProfile"]
            profile["extensions"] = [*profile["extensions"], app(script)]
        Arm(self.store).made(SET, {**self.body, "tags": tags})

    def pass_time(self, looks: int = 30) -> None:
        """Lets virtual time go by: each look at the instances moves it."""
        for _ in range(looks):
            Arm(self.store).read(f"{SET}/virtualMachines")

    def run(self, *words: str, environment: dict[str, str] | None = None, folder: Path | None = None) -> Done:
        """Runs `scaleset` with these words."""
        variables = {**self.environment, **(environment or {})}
        return subprocess.run([COMMAND, *words], env=variables, cwd=folder, capture_output=True, text=True, check=False, timeout=120)

    def calls(self, action: str) -> int:
        """How often an action was asked for."""
        return sum(event["data"].get("action") == action for event in self.store.events("POST"))

    def document(self, *words: str) -> Any:
        """What a command prints with `--output json`."""
        done = self.run(*words, *BY_NAME, "--output", "json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An empty Azure that is served."""
    home = tmp_path / "home"
    home.mkdir()
    with running(home) as served:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "ARM_", "IDENTITY_", "MSI_", "COLUMNS"))
        }
        store = Store(workspace.azure_file(home))
        yield Site(store, {**kept, **served, "ARM_SUBSCRIPTION_ID": SUBSCRIPTION})
        store.close()


def squeezed(text: str) -> list[str]:
    """The lines of a table without its padding."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_status_of_a_current_scale_set(site: Site) -> None:
    """Every instance is a row, the summary says that all run the model, and the exit code is 0."""
    site.deploy(capacity=2)
    done = site.run("status", SET)

    assert squeezed(done.stdout) == [
        "id zone model health power image last extension run",
        "0 - current not reported running 24.04.202510010 -",
        "1 - current not reported running 24.04.202510010 -",
        "2 of 2 instances run the model, 2 of 2 serve.",
    ]
    assert (done.stderr, done.returncode) == ("", 0)


def test_status_says_what_is_out_of_date(site: Site) -> None:
    """After a change of the model nobody has brought to the instances: exit code 1, and the next command."""
    site.deploy(capacity=2)
    site.change(script="bash install.sh")
    done = site.run("status", *BY_NAME)

    assert done.stdout.splitlines()[-1] == ("0 of 2 instances run the model, 2 of 2 serve. Next: scaleset rollout --group group --name web")
    assert (done.stderr, done.returncode) == ("", 1)


def test_status_as_json(site: Site) -> None:
    """The document that docs/commands.md describes, with an OS disk that is older than the last change of custom data."""
    site.deploy(capacity=1)
    site.change(**{"azure-scaleset-os-since": "2027-01-01T00:00:00+00:00"})
    done = site.run("status", "--id", SET, "--output", "json")

    assert json.loads(done.stdout) == {
        "scaleSet": SET,
        "done": False,
        "reason": None,
        "instanceCount": 1,
        "currentCount": 0,
        "servingCount": 1,
        "missingCount": 0,
        "repairsSuspended": False,
        "repairsRefusal": None,
        "osDisksSince": "2027-01-01T00:00:00+00:00",
        "instances": [
            {
                "id": "0",
                "name": "web_0",
                "zone": None,
                "model": "old OS disk",
                "provisioningState": "Succeeded",
                "health": None,
                "power": "running",
                "imageVersion": "24.04.202510010",
                "lastExtension": None,
                "serves": True,
                "leftAlone": None,
            }
        ],
    }
    assert done.returncode == 1


def test_status_and_wait_tell_that_repairs_are_suspended(site: Site) -> None:
    """A rollout that failed has done it, perhaps another person's; the next one that ends well resumes them, also where nothing else is left to do."""
    site.deploy(capacity=2, extensions=[HEALTH], automaticRepairsPolicy={"enabled": True, "gracePeriod": "PT10M"})
    before = site.document("status")["repairsSuspended"]
    Arm(site.store).call("POST", f"{SET}/setOrchestrationServiceState", {"serviceName": "AutomaticRepairs", "action": "Suspend"})
    told, waited = site.run("status", *BY_NAME).stdout.splitlines()[-1], site.document("wait")["repairsSuspended"]
    site.run("rollout", *BY_NAME)

    assert (before, waited, site.document("status")["repairsSuspended"]) == (False, True, False)
    assert told == (
        "2 of 2 instances run the model, 2 of 2 serve. Automatic repairs are suspended till a rollout succeeds. Next: scaleset rollout --group group --name web"
    )


def test_rollout_brings_all_instances_to_the_model(site: Site) -> None:
    """One at a time, each step a line on standard error, and the summary alone on standard output; status agrees."""
    site.deploy(capacity=3)
    site.change(script="bash install.sh")
    done = site.run("rollout", *BY_NAME, "--one-at-a-time")

    assert done.stdout == "3 of 3 instances run the model, 3 of 3 serve.\n"
    assert [line for line in done.stderr.splitlines() if "upgrading" in line] == [
        "0 of 3 done; upgrading instance 0",
        "1 of 3 done; upgrading instance 1",
        "2 of 3 done; upgrading instance 2",
    ]
    assert (done.returncode, site.run("status", *BY_NAME).returncode, site.calls("manualupgrade")) == (0, 0, 3)


def test_rollout_of_what_is_done_changes_nothing(site: Site) -> None:
    """Nothing is asked of the instances when all run the model."""
    site.deploy(capacity=2)
    done = site.run("rollout", *BY_NAME)

    assert (done.returncode, done.stdout) == (0, "2 of 2 instances run the model, 2 of 2 serve.\n")
    assert (site.calls("manualupgrade"), site.calls("reimage")) == (0, 0)


def failing_rollout(site: Site) -> Done:
    """A rollout of a script that fails on the second of three instances."""
    site.deploy(capacity=3)
    site.change(script="bash install.sh")
    faults.add(site.store, "extensionFails", instances=["1"], output="no space left on device", exitCode=28)
    return site.run("rollout", *BY_NAME, "--batch", "1")


def test_failed_rollout_tells_the_whole_story(site: Site) -> None:
    """It stops at the instance that failed and says which, what it wrote, and the next command; status and `logs` agree."""
    done = failing_rollout(site)
    status, logs = site.run("status", *BY_NAME), site.run("logs", *BY_NAME)

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "The rollout of scale set web stopped: instance 1 failed.",
        "  2 of 3 instances run the model, 2 of 3 serve.",
        "  instance 1: provisioning state Failed, extension app failed (ProvisioningState/failed/28)",
        "      no space left on device",
        "  A new instance gets the new model: a scale-out now makes more of what failed.",
        "  All that they wrote: scaleset logs --group group --name web",
        "  Next: mend the cause in the model, then scaleset rollout --group group --name web --batch 1: it goes on where it stopped.",
    ]
    assert (status.returncode, status.stdout.splitlines()[-1]) == (
        1,
        "2 of 3 instances run the model, 2 of 3 serve. Next: scaleset logs --group group --name web",
    )
    assert [line for line in logs.stdout.splitlines() if not line.startswith("  app: ProvisioningState/failed/28, 2026-01-01T")] == [
        "instance 1: provisioning state Failed, extension app failed (ProvisioningState/failed/28)",
        "    no space left on device",
    ]


def test_failed_rollout_goes_on_when_it_is_run_again(site: Site) -> None:
    """When the cause is gone, the same command gives the instance that failed another try and finishes with the others."""
    failing_rollout(site)
    faults.clear(site.store)
    done = site.run("rollout", *BY_NAME, "--batch", "1")

    assert (done.returncode, done.stdout) == (0, "3 of 3 instances run the model, 3 of 3 serve.\n")


def test_dry_run_shows_the_batches_and_changes_nothing(site: Site) -> None:
    """The batches of the plan and their lower bound; no action was asked for."""
    site.deploy(capacity=3)
    site.change(script="bash install.sh")
    done = site.run("rollout", *BY_NAME, "--batch", "2", "--dry-run")
    document = site.document("rollout", "--batch", "2", "--canary", "--dry-run")

    assert squeezed(done.stdout) == [
        "batch instances zone what",
        "1 0, 1 - upgrade",
        "2 2 - upgrade",
        "2 steps, at most 2 instances out of service at a time; no plan has fewer than 2 batches. Nothing was changed.",
    ]
    assert document == {
        "scaleSet": SET,
        "upgradeMode": "Manual",
        "maxUnavailable": 2,
        "fewestBatches": 2,
        "batches": [
            {"instances": ["0"], "zone": None, "what": "upgrade; goes first, alone"},
            {"instances": ["1", "2"], "zone": None, "what": "upgrade"},
        ],
    }
    assert (site.calls("manualupgrade"), done.returncode) == (0, 0)


def test_reimage_happens_only_where_it_is_allowed(site: Site) -> None:
    """With an OS disk from before the tag's time, --no-reimage leaves it as it is, and without it the instance gets a new one."""
    site.deploy(capacity=1)
    site.change(**{"azure-scaleset-os-since": site.store.now().isoformat()})
    without = site.run("rollout", *BY_NAME, "--no-reimage")
    reimages = site.calls("reimage")
    done = site.run("rollout", *BY_NAME)

    assert (without.returncode, reimages, done.returncode, site.calls("reimage")) == (0, 0, 0, 1)


def test_refusal_in_the_middle_is_one_line(site: Site) -> None:
    """A right that is missing shows at the first write: exit code 2, and what to do."""
    site.deploy(capacity=2)
    site.change(script="bash install.sh")
    faults.add(
        site.store, "refuse", method="POST", path="manualupgrade", status=403, code="AuthorizationFailed", message="No right.", times=99
    )
    done = site.run("rollout", *BY_NAME)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == (
        "Azure refused: AuthorizationFailed: No right. "
        "Next: give who is signed in the role Virtual Machine Contributor on the resource group."
    )


def test_flexible_scale_set(site: Site) -> None:
    """Its instances have names; status and rollout do the same as with a Uniform one."""
    site.deploy(capacity=2, flexible=True)
    site.change(script="bash install.sh")
    before = site.run("status", *BY_NAME)
    done = site.run("rollout", *BY_NAME, "--one-at-a-time")
    names = [each["id"] for each in site.document("status")["instances"]]

    assert (before.returncode, done.returncode, done.stdout) == (1, 0, "2 of 2 instances run the model, 2 of 2 serve.\n"), done.stderr
    assert all(name.startswith("web_") and len(name) == len("web_") + 8 for name in names)


def test_ctrl_c_stops_a_rollout_and_says_how_to_go_on(site: Site) -> None:
    """SIGINT while it waits for an instance that stays unhealthy: exit code 130, and the command that goes on, which then finishes."""
    site.deploy(capacity=2, extensions=[HEALTH])
    site.change(script="bash install.sh")
    faults.add(site.store, "appUnhealthy", payload="install.sh")
    words = ["rollout", *BY_NAME, "--batch", "1", "--timeout", "1000000", "--health-timeout", "1000000"]
    process = subprocess.Popen([COMMAND, *words], env=site.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    while "waiting for 0" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    faults.clear(site.store)
    finished = site.run(*words)

    assert (output, process.returncode) == ("", 130)
    assert errors.splitlines()[-1] == (
        f"Stopped. What is being changed now goes on in Azure; the others stay as they are. Next: scaleset {' '.join(words)}"
    )
    assert (finished.returncode, finished.stdout) == (0, "2 of 2 instances run the model, 2 of 2 serve.\n")


def test_wait_ends_when_the_instances_are_there(site: Site) -> None:
    """Instances that are still being made are waited for; nothing is asked of them."""
    site.deploy(capacity=2, settle=False)
    done = site.run("wait", *BY_NAME)

    assert (done.returncode, done.stdout) == (0, "2 of 2 instances run the model, 2 of 2 serve.\n")
    assert done.stderr.splitlines()[0].startswith("0 of 2 done; waiting for 0 (provisioning state Creating")
    assert (site.calls("manualupgrade"), site.calls("reimage")) == (0, 0)


def test_wait_ends_at_its_time(site: Site) -> None:
    """What nobody brings to the model is waited for as long as --timeout says, by Azure's clock."""
    site.deploy(capacity=1)
    site.change(script="bash install.sh")
    done = site.run("wait", *BY_NAME, "--timeout", "2")

    assert done.returncode == 1
    assert done.stderr == "0 of 1 done; waiting for 0 (out of date)\n"
    assert done.stdout.splitlines() == [
        "Waiting for scale set web stopped: it took longer than 2 minutes (--timeout).",
        "  0 of 1 instances run the model, 1 of 1 serve.",
        "  A new instance gets the new model, too.",
        "  Next: scaleset rollout --group group --name web, which brings the instances to the model.",
    ]


def test_wait_ends_at_a_failure(site: Site) -> None:
    """An instance that failed on the model that is wanted will not come by waiting."""
    site.deploy(capacity=1)
    site.change(script="bash install.sh")
    faults.add(site.store, "extensionFails", output="bad")
    accepted = Arm(site.store).call("POST", f"{SET}/manualupgrade", {"instanceIds": ["0"]})
    assert accepted.status == 202
    done = site.run("wait", *BY_NAME)

    lines = done.stdout.splitlines()
    assert (done.returncode, lines[0]) == (1, "Waiting for scale set web stopped: instance 0 failed.")
    assert lines[-1] == "  Next: mend the cause in the model, then scaleset rollout --group group --name web: it goes on where it stopped."


def rolling_set(site: Site) -> None:
    """A scale set of five in mode Rolling, whose health the extension reports."""
    site.deploy(capacity=5, extensions=[HEALTH], **ROLLING)


def test_cancel_stops_azures_rolling_upgrade(site: Site) -> None:
    """A running rolling upgrade is cancelled; cancelling again finds nothing to do."""
    rolling_upgrade_begins(site)
    done = site.run("cancel", *BY_NAME)
    again = site.run("cancel", *BY_NAME)

    assert (done.returncode, done.stdout.split(":")[0], done.stderr) == (0, "Cancelled", "")
    assert done.stdout.endswith("To go on: scaleset rollout --group group --name web\n")
    assert (again.returncode, again.stdout) == (0, "No rolling upgrade of Azure is running: the last one is Cancelled. Nothing was done.\n")
    assert site.calls("rollingUpgrades/cancel") == 1


def test_rollout_goes_on_with_a_cancelled_rolling_upgrade(site: Site) -> None:
    """In mode Rolling a rollout starts Azure's rolling upgrade again and watches it to its end."""
    rolling_upgrade_begins(site)
    site.run("cancel", *BY_NAME)
    done = site.run("rollout", *BY_NAME)

    assert (done.returncode, done.stdout) == (0, "5 of 5 instances run the model, 5 of 5 serve.\n"), done.stderr


def rolling_upgrade_begins(site: Site) -> None:
    """Such a set in the middle of the rolling upgrade to a changed model."""
    rolling_set(site)
    site.body["properties"]["virtualMachineProfile"]["userData"] = "eA=="
    Arm(site.store).made(SET, site.body)
    site.pass_time(3)


def test_os_upgrade_brings_the_newest_image(site: Site) -> None:
    """After a newer version was published every instance gets it; without --yes and a terminal nothing happens."""
    rolling_set(site)
    publishing.publish(site.store, "Canonical:ubuntu-24_04-lts:server:24.04.202512010")
    refused = site.run("os-upgrade", *BY_NAME)
    done = site.run("os-upgrade", *BY_NAME, "--yes")
    images = {each["imageVersion"] for each in site.document("status")["instances"]}

    assert (refused.returncode, refused.stderr) == (
        2,
        "Nothing was done. To start it: scaleset os-upgrade --yes --group group --name web\n",
    )
    assert (done.returncode, done.stdout, images) == (
        0,
        "Completed: 5 instances done, 0 failed, 0 to go.\n",
        {"24.04.202512010"},
    ), done.stderr


def test_history_of_os_upgrades(site: Site) -> None:
    """What Azure has upgraded, the newest first, for people and as JSON; asked for, nothing is started."""
    rolling_set(site)
    none = site.run("os-upgrade", *BY_NAME, "--history")
    for version in ("24.04.202512010", "24.04.202512020"):
        publishing.publish(site.store, f"Canonical:ubuntu-24_04-lts:server:{version}")
        assert site.run("os-upgrade", *BY_NAME, "--yes").returncode == 0
    shown = site.run("os-upgrade", *BY_NAME, "--history")
    upgrades = site.document("os-upgrade", "--history")["upgrades"]

    assert (none.returncode, none.stdout) == (0, "Azure has upgraded the image of this scale set never, or too long ago to know it.\n")
    assert [line.split()[2:] for line in squeezed(shown.stdout)[1:]] == [
        ["User", version, "Completed", "5", "0", "0"] for version in ("24.04.202512020", "24.04.202512010")
    ]
    assert [{key: each[key] for key in each if not key.endswith("Time")} for each in upgrades] == [
        {
            "startedBy": "User",
            "imageVersion": version,
            "code": "Completed",
            "successful": 5,
            "failed": 0,
            "pending": 0,
            "rolledBack": 0,
            "rollbackFailed": 0,
            "error": None,
        }
        for version in ("24.04.202512020", "24.04.202512010")
    ]


def test_logs_of_one_instance(site: Site) -> None:
    """An instance that did not fail is shown by its number or by its name; one that is not there is refused with those that are."""
    site.deploy(capacity=2)
    by_number, by_name = site.run("logs", "1", *BY_NAME), site.run("logs", "web_1", *BY_NAME)
    missing = site.run("logs", "7", *BY_NAME)

    assert by_number.stdout == by_name.stdout == "instance 1: serves\n  no extension ran\n"
    assert (missing.returncode, missing.stdout, missing.stderr) == (2, "", "There is no instance '7'. Expected one of: 0, 1.\n")


def test_logs_as_json(site: Site) -> None:
    """All extensions with the whole message."""
    site.deploy(capacity=1)
    site.change(script="bash install.sh")
    site.run("rollout", *BY_NAME)
    (found,) = json.loads(site.run("logs", "0", *BY_NAME, "--output", "json").stdout)
    (ran,) = found["extensions"]
    time = ran.pop("time")

    assert found | {"extensions": [ran]} == {
        "id": "0",
        "name": "web_0",
        "zone": None,
        "state": "serves",
        "extensions": [
            {
                "name": "app",
                "failed": False,
                "code": "ProvisioningState/succeeded",
                "message": "Enable succeeded: \n[stdout]\n\n[stderr]\n",
            }
        ],
    }
    assert time.startswith("2026-01-01T")


def fake_pulumi(folder: Path, script: str) -> dict[str, str]:
    """The variables with a `pulumi` in front that runs this shell script."""
    folder.mkdir()
    file = folder / "pulumi"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_stack_names_the_scale_set(site: Site, tmp_path: Path) -> None:
    """The id comes from the state that `pulumi stack export` gives for that stack."""
    site.deploy(capacity=1)
    resource = {"urn": "urn:pulumi:dev::p::t::web", "type": "azure-native:compute:VirtualMachineScaleSet", "id": SET}
    (tmp_path / "state.json").write_text(json.dumps({"version": 3, "deployment": {"resources": [resource]}}))
    pulumi = fake_pulumi(tmp_path / "bin", f'test "$1 $2 $3 $4" = "stack export --stack dev" && cat {tmp_path}/state.json')
    done = site.run("status", "-s", "dev", environment=pulumi)

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1 of 1 instances run the model, 1 of 1 serve."), done.stderr


def test_pulumi_that_fails_is_one_line(site: Site, tmp_path: Path) -> None:
    """Pulumi's own reason, exit code 2."""
    pulumi = fake_pulumi(tmp_path / "bin", "echo \"error: no stack named 'dev' found\" >&2; exit 255")
    done = site.run("status", "-s", "dev", environment=pulumi)

    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "`pulumi stack export` failed: no stack named 'dev' found. Next: pulumi stack ls\n",
    )


def test_refusal_of_azure_is_one_line(site: Site) -> None:
    """Azure's code and message, and what to do."""
    done = site.run("status", "--group", "none", "--name", "web")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "Azure refused: ResourceGroupNotFound: Resource group 'none' could not be found. "
        "Next: look for its name and group with `az vmss list --output table`.\n"
    )


def test_who_is_not_signed_in_is_told_so_in_one_line(site: Site) -> None:
    """No credential is found: exit code 2, the next command, no traceback."""
    nobody = {"IDENTITY_ENDPOINT": "", "IDENTITY_HEADER": "", "PATH": "/nowhere", "AZURE_TOKEN_CREDENTIALS": "AzureCliCredential"}
    done = site.run("status", SET, environment=nobody)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Signing in failed: ")
    assert done.stderr.count("\n") == 1
    assert "Next: az login" in done.stderr


def test_wrong_words_are_told_in_one_line(site: Site) -> None:
    """What was given and what is expected; exit code 2."""
    done = site.run("status")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "No scale set was named. Expected --stack STACK, or a resource id, or --group GROUP and --name NAME.\n"


PROGRAM = """
name: tiny
runtime: yaml
stackConfigDir: stacks
resources:
  kept: {type: "pulumi:index:Stash", properties: {input: "WORD ${tiny:word} ${tiny:password}"}}
outputs: {kept: "${kept.input}"}
"""


def test_rollback_with_the_real_engine(tmp_path: Path) -> None:
    """Program and settings, a secret among them, are again as they were at the update before; the checkout stays; the history has a clean commit."""
    assert workspace.is_set_up(), "The engine is not set up in this checkout. Run: make setup"
    environment = workspace.environment(tmp_path / "home") | {"GIT_CONFIG_GLOBAL": os.devnull}
    folder = tmp_path / "repository" / "program"
    (folder / "stacks").mkdir(parents=True)

    def run(*words: str) -> str:
        return subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True, text=True, timeout=120).stdout

    def deploy(word: str, setting: str, password: str) -> None:
        (folder / "Pulumi.yaml").write_text(PROGRAM.replace("WORD", word))
        run("pulumi", "config", "set", "tiny:word", setting, "--stack", "dev")
        run("pulumi", "config", "set", "--secret", "tiny:password", password, "--stack", "dev")
        run("git", "add", "--all")
        run("git", "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "--message", word)
        run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", "dev")

    run("git", "init", "--quiet")
    (folder / "Pulumi.yaml").write_text(PROGRAM)
    run("pulumi", "stack", "init", "dev")
    deploy("first", "a", "secret-1")
    deploy("second", "b", "secret-2")
    output = run(COMMAND, "rollback", "--stack", "dev", "--yes")

    shown = json.loads(run("pulumi", "stack", "output", "--json", "--show-secrets", "--stack", "dev"))
    history = json.loads(run("pulumi", "stack", "history", "--json", "--stack", "dev"))
    commits = run("git", "log", "--format=%H").split()
    assert shown == {"kept": "first a secret-1"}
    assert [each["environment"]["git.head"] for each in history] == [commits[1], commits[0], commits[1]]
    assert [each["environment"]["git.dirty"] for each in history] == ["false"] * 3
    assert run("git", "status", "--short") + run("git", "worktree", "prune", "--dry-run", "--verbose") == ""
    assert "secret-1" not in output
    assert f"git revert --no-edit {commits[1]}..HEAD" in output
