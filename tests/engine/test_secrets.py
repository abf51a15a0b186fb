"""Secrets of a stack: encrypted in the state, hidden in output, protected in Azure."""

import base64
import json
from collections.abc import Callable, Iterable

import pytest

from azure_scaleset.payload.digest import digest, short
from azure_scaleset.rollout.plan import OS_TAG
from tests.engine.project import PASSWORD, Project, PulumiFailed
from tests.engine.several_sets import SeveralSets, linux

COMMAND = "powershell.exe -File install-iis.ps1 -Key hunter2-in-the-command"
ARGUMENT = "hunter2-in-the-settings"


def test_no_secret_is_plain_in_state_or_output(make_project: Callable[[str], Project]) -> None:
    """A password, a secret command and protected settings are in no state, preview or log; Azure has them as protected settings."""
    project = make_project("windows-script")
    project.pulumi("config", "set", "--secret", "--path", "azure-scaleset:extensions[0].customScript.commandToExecute", COMMAND)
    custom = "azure-scaleset:extensions[1].custom"
    for key, value in (("publisher", "Contoso.Agents"), ("type", "Agent"), ("version", "1.0")):
        project.pulumi("config", "set", "--path", f"{custom}.{key}", value)
    project.pulumi("config", "set", "--secret", "--path", f"{custom}.protectedSettings.key", ARGUMENT)

    runs = [
        project.pulumi("preview", "--diff"),
        project.pulumi("up", "--yes", "--skip-preview", "--logtostderr", "-v=3"),
        project.pulumi("preview", "--json"),
    ]
    texts = [project.state(), *(text for run in runs for text in (run.stdout, run.stderr))]

    for secret in (PASSWORD, COMMAND, "hunter2", ARGUMENT):
        assert [text for text in texts if secret in text] == []
    ran = {event["data"]["extension"]: event["data"]["protectedSettings"] for event in project.events("extensionRun")}
    assert ran["Agent"] == {"key": ARGUMENT}
    assert "commandToExecute" in ran["CustomScript"]


def test_a_failing_script_that_prints_its_secrets_shows_none(make_project: Callable[[str], Project]) -> None:
    """What a failed `up` tells of an instance is what its script wrote last, with the secret command and the protected settings masked in it."""
    project = make_project("windows-script")
    project.configure(capacity=2)
    project.pulumi("config", "set", "--secret", "--path", "azure-scaleset:extensions[0].customScript.commandToExecute", COMMAND)
    custom = "azure-scaleset:extensions[1].custom"
    for key, value in (("publisher", "Contoso.Agents"), ("type", "Agent"), ("version", "1.0")):
        project.pulumi("config", "set", "--path", f"{custom}.{key}", value)
    project.pulumi("config", "set", "--secret", "--path", f"{custom}.protectedSettings.key", ARGUMENT)
    written = f"+ {COMMAND}\nlogging in with {ARGUMENT}\nkey hunter2-in-the-command was refused\nE: no such feed: contoso\n"
    project.up()
    project.order_fault("extensionFails", extension="CustomScript", instances=["1"], exitCode=7, output=written)
    project.edit("apps/windows-script/install-iis.ps1", "IIS", "iis")

    with pytest.raises(PulumiFailed) as failure:
        project.up()

    text = str(failure.value)
    told = [line.strip() for line in text.splitlines()]
    assert [secret for secret in (PASSWORD, COMMAND, "hunter2", ARGUMENT) if secret in text] == []
    first = told.index("+ [secret]")
    assert told[first : first + 4] == ["+ [secret]", "logging in with [secret]", "key [secret] was refused", "E: no such feed: contoso"]


def test_custom_data_that_becomes_a_secret_or_is_one_no_longer(make_project: Callable[[str], Project]) -> None:
    """Its text stays, and so do the name that keeps its time, which tells nothing of the text, and the time: no preview tells of new disks, and no instance gets one."""
    sets = SeveralSets.make(make_project("linux-script"))
    document = "#cloud-config\nhostname: hunter2"
    sets.secret("document", document)
    sets.write({"web": linux(customData=document)})
    # No name in the first preview that `up` doesn't make.
    assert kept(each.resource for each in sets.project.preview() if each.op == "create") == {"web-os"}
    sets.up()
    since, names = sets.project.scale_set()["tags"][OS_TAG], kept_in_state(sets)
    assert f"web-os-{short(digest(base64.b64encode(document.encode()).decode()), 6)}" not in names

    for given in ("$document", document):
        sets.write({"web": linux(customData=given)})
        told = sets.preview()
        sets.up()

        assert ("reimaged" in told.get("web", ""), sets.project.events("instanceReimaged")) == (False, [])
        assert (sets.project.scale_set()["tags"][OS_TAG], kept_in_state(sets)) == (since, names)
        assert sets.project.preview() == []


def kept_in_state(sets: SeveralSets) -> set[str]:
    """The names of the stashes in the state that have to do with the time of custom data."""
    return kept(each["urn"] for each in json.loads(sets.project.state())["deployment"]["resources"])


def kept(names: Iterable[str]) -> set[str]:
    """The names of the stashes that have to do with the time of custom data."""
    return {name.rpartition("::")[2] for name in names if "Stash::" in name and "-os" in name}


def test_what_is_sensitive_in_overrides_is_encrypted_in_the_state(make_project: Callable[[str], Project]) -> None:
    """A password that stands in plain in the stack file is a secret in the state all the same."""
    project = make_project("windows-script")
    project.configure(overrides={"virtualMachineProfile": {"osProfile": {"adminPassword": "Overridden-1-password"}}})

    project.up()

    assert "Overridden-1-password" not in project.state()


def test_a_signature_in_plain_text_is_refused(make_project: Callable[[str], Project]) -> None:
    """An address with a SAS signature that is no secret is refused at preview, by its key, with what to do, and without the signature."""
    project = make_project("linux-script")
    signature = "A" * 43 + "%3D"
    address = f"https://example.blob.core.windows.net/c/install.sh?sv=2022-11-02&sig={signature}"
    project.configure(extensions=[{"customScript": {"fileUris": [address], "commandToExecute": "bash install.sh"}}])

    done = project.pulumi("preview", check=False)

    assert done.returncode != 0
    assert "extensions[0].customScript.fileUris[0] holds a signature or a key in plain text." in done.stdout + done.stderr
    assert signature not in done.stdout + done.stderr


def test_all_wrong_settings_are_reported_at_once(make_project: Callable[[str], Project]) -> None:
    """A stack file with several mistakes fails before anything is sent, naming each key."""
    project = make_project("linux-script")
    project.configure(sise="Standard_D2s_v5", capacity="three")

    done = project.pulumi("preview", check=False)

    assert done.returncode != 0
    assert "azure-scaleset:sise is not known. Did you mean 'size'?" in done.stdout + done.stderr
    assert "azure-scaleset:capacity is 'three'. Expected a whole number." in done.stdout + done.stderr
    assert project.resources() == []
