"""Stack files."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from azure_scaleset import secrecy
from stacks import settings

STACKS = sorted((Path(__file__).parents[3] / "stacks").glob("Pulumi.*.yaml"))


def config_of(stack_file: Path) -> dict[str, Any]:
    """The keys of a stack file without their namespace."""
    document = yaml.safe_load(stack_file.read_text())
    return {key.removeprefix("azure-scaleset:"): value for key, value in document["config"].items()}


@pytest.mark.parametrize("stack_file", STACKS, ids=lambda path: path.name.split(".")[1])
def test_every_stack_of_the_project_is_valid(stack_file: Path) -> None:
    """Each stack file is read without a problem."""
    given = config_of(stack_file)
    given["admin"] |= {"password": "Not-a-real-1"} if given["os"] == "Windows" else {"sshPublicKeys": ["ssh-ed25519 AAAA"]}

    assert settings.read(given, "azure-scaleset", "test").location == "westeurope"


def test_all_problems_are_named_by_full_key() -> None:
    """Unknown keys come with the nearest known one, which is not told to be missing as well; every problem of every key is in one error."""
    given = {
        "locaton": "westeurope",
        "os": "linux",
        "image": "Ubuntu2404",
        "size": "Standard_D2s_v5",
        "admin": {},
        "extensions": [{}, {"dsc": {"scrip": "a.ps1", "url": "https://example.com/a.zip", "function": "F"}}],
        "network": {"loadBalancer": {"rules": [{"port": "eighty"}], "probe": {"port": 80}}},
    }

    with pytest.raises(settings.SettingsError) as caught:
        settings.read(given, "azure-scaleset", "test")

    assert str(caught.value).splitlines() == [
        "Stack 'test' has 4 problems in its configuration:",
        "  - azure-scaleset:locaton is not known. Did you mean 'location'?",
        "  - azure-scaleset:extensions[0] takes exactly one of customScript, dsc, applicationHealth, custom: none is given.",
        "  - azure-scaleset:extensions[1].dsc.scrip is not known. Did you mean 'script'?",
        "  - azure-scaleset:network.loadBalancer.rules[0].port is 'eighty'. Expected a whole number.",
    ]


MINIMAL = {
    "location": "westeurope",
    "os": "Linux",
    "image": "Ubuntu2404",
    "size": "Standard_D2s_v5",
    "admin": {"sshPublicKeys": ["ssh-ed25519 AAAA"]},
}


def keys_told(given: dict[str, Any]) -> list[str]:
    """The key of each problem that *given* is refused for."""
    with pytest.raises(settings.SettingsError) as caught:
        settings.read(given, "azure-scaleset", "test")
    return [line.strip(" -").split(" ")[0] for line in str(caught.value).splitlines()[1:]]


def test_numbers_and_switches_may_be_texts() -> None:
    """`pulumi config set` writes "4" and "true": they are a number and a switch."""
    result = settings.read({**MINIMAL, "capacity": "4", "probeIsHealthSignal": "false"}, "azure-scaleset", "test")

    assert (result.scale_set["capacity"], result.probe_is_health_signal) == (4, False)


def test_problems_of_network_and_scale_set_come_together() -> None:
    """What either component would refuse is refused at once, by full key, before one of them makes anything."""
    given = {
        **MINIMAL,
        "capacity": -1,
        "extensions": [{"customScript": {"script": "no-such-file.sh", "version": "2"}}],
        "network": {"loadBalancer": {"rules": [{"port": 99999}], "probe": {"port": 0}}},
    }

    assert keys_told(given) == [
        "azure-scaleset:network.loadBalancer.rules[0].port",
        "azure-scaleset:network.loadBalancer.rules[0].backendPort",
        "azure-scaleset:network.loadBalancer.probe.port",
        "azure-scaleset:capacity",
        "azure-scaleset:extensions[0].customScript:",
        "azure-scaleset:extensions[0].customScript.version",
    ]


def test_an_unknown_key_hides_no_other_problem() -> None:
    """What nothing reads is told together with what is wrong about the values."""
    given = {
        **MINIMAL,
        "capacty": 3,
        "capacity": -1,
        "network": {"loadBalancer": {"rules": [{"port": 99999}], "probe": {"port": 80, "prt": 80}}},
    }

    assert keys_told(given) == [
        "azure-scaleset:capacty",
        "azure-scaleset:network.loadBalancer.probe.prt",
        "azure-scaleset:network.loadBalancer.rules[0].port",
        "azure-scaleset:network.loadBalancer.rules[0].backendPort",
        "azure-scaleset:capacity",
    ]


@pytest.mark.parametrize("name", MINIMAL)
def test_a_mistyped_key_that_is_required_is_told_alone(name: str) -> None:
    """Values can't be checked without it, and it is not missing as well."""
    given = {key if key != name else f"{key}x": value for key, value in MINIMAL.items()}

    with pytest.raises(settings.SettingsError) as caught:
        settings.read({**given, "capacity": -1}, "azure-scaleset", "test")

    assert str(caught.value).splitlines()[1:] == [f"  - azure-scaleset:{name}x is not known. Did you mean '{name}'?"]


def test_every_text_that_may_be_a_secret_becomes_one() -> None:
    """A key that holds a secret keeps what decides the plan plain; each text that a component takes as an input is hidden."""
    given = [
        {"dsc": {"url": "https://example.com/a.zip", "script": "a.ps1", "function": "F", "arguments": {"Key": "hunter2"}}},
        {"customScript": {"fileUris": ["https://example.com/a.sh"], "commandToExecute": "sh a.sh"}},
        {"custom": {"publisher": "P", "type": "T", "version": "1.0", "settings": {"a": "b"}, "protectedSettings": {"key": "hunter2"}}},
    ]

    async def places() -> list[str]:
        hidden = {key: settings.hide(value, settings.HINTS[key]) for key, value in (("extensions", given), ("customData", "hunter2"))}
        return await secrecy.secret_paths(hidden, "")

    assert asyncio.run(places()) == [
        ".extensions[0].dsc.url",
        ".extensions[0].dsc.arguments.Key",
        ".extensions[1].customScript.fileUris[0]",
        ".extensions[1].customScript.commandToExecute",
        ".extensions[2].custom.protectedSettings.key",
        ".customData",
    ]


def test_a_secret_in_cloud_init_is_refused() -> None:
    """The document is readable on each instance: a secret has no place in it."""
    part = settings.hide([{"script": "echo hunter2"}], settings.HINTS["cloudInit"])

    with pytest.raises(settings.SettingsError) as caught:
        settings.read({**MINIMAL, "cloudInit": part}, "azure-scaleset", "test")

    assert "azure-scaleset:cloudInit is an output" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_own_pools_and_cards_go_to_the_scale_set() -> None:
    """Under `network` stand the keys of both components: each gets its own."""
    given = {
        "subnetId": "/subnet",
        "backendPoolIds": ["/pool"],
        "networkSecurityGroupId": "/nsg",
        "healthProbeId": "/probe",
        "acceleratedNetworking": "true",
        "loadBalancer": {"rules": [{"port": 80}], "probe": {"port": 80}},
    }

    result = settings.read({**MINIMAL, "network": given}, "azure-scaleset", "test")

    assert (result.network, result.attachment, result.probe_is_health_signal) == (
        {"subnet_id": "/subnet", "load_balancer": {"rules": [{"port": 80}], "probe": {"port": 80}}},
        {
            "backend_pool_ids": ["/pool"],
            "network_security_group_id": "/nsg",
            "health_probe_id": "/probe",
            "accelerated_networking": True,
        },
        False,
    )


def test_two_health_signals_are_refused() -> None:
    """The balancer's probe by `probeIsHealthSignal`, and one of your own: one of the two is too much."""
    network = {"healthProbeId": "/probe", "loadBalancer": {"rules": [{"port": 80}], "probe": {"port": 80}}}

    with pytest.raises(settings.SettingsError, match=r"azure-scaleset:probeIsHealthSignal is true, and network\.healthProbeId is given"):
        settings.read({**MINIMAL, "network": network, "probeIsHealthSignal": True}, "azure-scaleset", "test")


def test_a_secret_under_network_is_hidden() -> None:
    """`network` takes the keys of two components: a text that either takes as an input becomes a secret."""
    given = {"azure-scaleset:network": json.dumps({"subnetId": "/subnet", "backendPoolIds": ["/pool"], "outbound": "none"})}

    async def places() -> list[str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PULUMI_CONFIG", json.dumps(given))
            patch.setenv("PULUMI_CONFIG_SECRET_KEYS", json.dumps(list(given)))
            return await secrecy.secret_paths(settings.values(pulumi.Config("azure-scaleset")), "")

    assert asyncio.run(places()) == [".network.subnetId", ".network.backendPoolIds[0]"]


def test_a_key_of_a_mistyped_namespace_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The right name is told, and the key is not missing as well; namespaces of others are theirs."""
    given = {
        **{
            f"azure-scaleset:{key}": value if isinstance(value, str) else json.dumps(value)
            for key, value in MINIMAL.items()
            if key != "image"
        },
        "azure-scalset:image": "Ubuntu2404",
        "azure-native:location": "westeurope",
        "pulumi:disable-default-providers": "[]",
    }
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(given))

    with pytest.raises(settings.SettingsError) as caught:
        settings.load(pulumi.Config("azure-scaleset"))

    assert str(caught.value).splitlines()[1:] == [
        "  - azure-scalset:image is in a namespace that nothing reads. Did you mean 'azure-scaleset:image'?"
    ]


def test_what_is_named_rightly_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that stands under both namespaces has the value of the right one."""
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"azure-scaleset:size": "right", "azure-scalset:size": "wrong"}))

    assert settings.values(pulumi.Config("azure-scaleset")) == {"size": "right"}


BUILT = {"base": "Ubuntu2404", "steps": [{"shell": {"commands": ["true"]}}]}
BARE = {"location": "westeurope", "os": "Linux", "size": "Standard_D2s_v5", "admin": {"sshPublicKeys": ["ssh-ed25519 AAAA"]}}


def test_a_stack_can_make_its_image_itself() -> None:
    """In place of `image`; the system is the scale set's, and what the scale set takes of its own stays apart."""
    read = settings.read({**BARE, "builtImage": BUILT}, "azure-scaleset", "dev")

    assert read.image is not None
    assert (read.image.key, read.image.arguments["base"], read.image.arguments["os"].value) == ("builtImage", "Ubuntu2404", "Linux")
    assert "builtImage" not in read.scale_set


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "azure-scaleset:image is missing"),
        ({"image": "Ubuntu2404", "builtImage": BUILT}, "image and builtImage are given. A stack has one image"),
        ({"builtImage": {**BUILT, "stps": []}}, "azure-scaleset:builtImage.stps is not known. Did you mean 'steps'?"),
        ({"builtImage": {**BUILT, "buildTimeout": 1}}, "azure-scaleset:builtImage.buildTimeout is 1. Expected 6 to 960"),
        ({"builtImage": {**BUILT, "destination": {"version": "1"}}}, "azure-scaleset:builtImage.destination.version is '1'"),
        (
            {"galleryImage": {"source": {"vhd": {"uri": "https://x.blob.core.windows.net/v/a.vhd", "storageAccountId": "/account"}}}},
            "azure-scaleset:galleryImage.destination.definition.os is missing",
        ),
        ({"capturedImage": "x"}, "azure-scaleset:capturedImage is 'x'. Expected a map."),
        (
            {"capturedImage": {"virtualMachineId": "v", "managedImage": {}, "destination": {}}},
            "azure-scaleset:capturedImage.managedImage and destination are given",
        ),
    ],
)
def test_what_is_wrong_with_an_image_is_named_by_its_key(keys: dict[str, Any], words: str) -> None:
    """None, two, a wrong key inside, and what the component would refuse."""
    with pytest.raises(settings.SettingsError) as caught:
        settings.read({**BARE, **keys}, "azure-scaleset", "dev")
    assert words in str(caught.value)


def test_an_adopted_scale_set_keeps_its_network() -> None:
    """What Network would make is refused, and the subnet is needed."""
    adopted = {"scaleSetId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web", "asFound": True}
    given = {
        "location": "westeurope",
        "os": "Linux",
        "image": "Ubuntu2404",
        "size": "Standard_D2s_v5",
        "admin": {},
        "adopt": adopted,
        "network": {"addressSpace": "10.0.0.0/16"},
    }

    with pytest.raises(settings.SettingsError) as caught:
        settings.read(given, "azure-scaleset", "test")

    assert str(caught.value).splitlines()[1:] == [
        "  - azure-scaleset:network.subnetId is missing. Expected the subnet of the adopted scale set.",
        "  - azure-scaleset:network.addressSpace is given, but the stack adopts a scale set and makes no network. Remove it; ids of what exists are taken.",
    ]
