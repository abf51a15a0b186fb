"""What extensions do on an instance: order, downloads, identities, failures."""

from __future__ import annotations

import base64
import gzip
import hashlib
from typing import Any

import pytest

from offline.arm.http import Json
from tests.unit.offline.compute.world import BLOB, IDENTITY, SET, World, body, encoded, extension, health, windows

DIGEST = hashlib.sha256(b"echo hello").hexdigest()
PROPAGATED = 301


def with_identity(new: Json) -> Json:
    """The set with the identity that may read the blob."""
    return {**new, "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}}


def downloading(client_id: str) -> Json:
    """A script that the handler downloads with an identity."""
    return extension(
        settings={"commandToExecute": "sh install.sh"}, protectedSettings={"fileUris": [BLOB], "managedIdentity": {"clientId": client_id}}
    )


def last_run(world: World) -> tuple[str, dict[str, str | None], float]:
    """Status, files and seconds of the last run."""
    data = world.events("extensionRun")[-1][1]
    return data["status"], data["files"], data["seconds"]


def test_extensions_run_after_what_they_wait_for(world: World) -> None:
    """`provisionAfterExtensions` goes before the order in which they are written."""
    world.put(body(1, extensions=[health(provisionAfterExtensions=["script"]), extension()]))
    assert [name for _, name, _ in world.runs()] == ["script", "health"]


def test_what_waits_for_a_failed_extension_does_not_run(world: World) -> None:
    """The operation fails with the failed one's message, the model is stored, the instances are there."""
    error = world.put(body(1, extensions=[health(provisionAfterExtensions=["script"]), extension(settings={"fileUrls": []})]))
    assert world.runs() == [("0", "script", "failed")]
    message = (
        "VM '0' has reported a failure when processing extension 'script' (publisher 'Microsoft.Azure.Extensions' and type 'CustomScript'). "
        "Error message: 'json validation error: invalid public or protected settings JSON: Additional property fileUrls is not allowed'."
    )
    detail = {"code": "VMExtensionProvisioningError", "message": message, "target": "0"}
    assert error == {"code": "VMExtensionProvisioningError", "message": message, "details": [detail]}
    assert world.expect(200, "GET", SET)["properties"]["provisioningState"] == "Failed"
    assert [each["properties"]["provisioningState"] for each in world.instances()] == ["Failed"]
    view = world.expect(200, "GET", f"{SET}/virtualMachines/0/instanceView")
    assert [each["code"] for each in view["extensions"][0]["statuses"]] == ["ProvisioningState/failed/1"]


def test_suppressed_failures_do_not_fail_the_operation(world: World) -> None:
    """`suppressFailures` leaves the run failed and the operation well."""
    assert world.put(body(1, extensions=[extension(settings={"fileUrls": []}, suppressFailures=True)])) == {}
    assert world.runs() == [("0", "script", "failed")]


def test_the_handler_does_not_wait_for_a_role_assignment(world: World) -> None:
    """403 is final in the minutes after the assignment; a later instance downloads."""
    client_id = world.add_storage()
    assert "403" in world.put(with_identity(body(1, extensions=[downloading(client_id)])))["message"]
    world.store.advance(PROPAGATED)
    world.put(with_identity(body(2, extensions=[downloading(client_id)])))
    assert (world.runs(), last_run(world)) == (
        [("0", "script", "failed"), ("1", "script", "succeeded")],
        ("succeeded", {"install.sh": DIGEST}, 0),
    )


def test_a_later_instance_needs_the_blob_too(world: World) -> None:
    """A blob that was deleted since fails the scale-out."""
    client_id = world.add_storage()
    world.store.advance(PROPAGATED)
    world.put(with_identity(body(1, extensions=[downloading(client_id)])))
    world.store.delete_blobs(BLOB)
    assert "404" in world.put(with_identity(body(2, extensions=[downloading(client_id)])))["message"]
    assert world.runs() == [("0", "script", "succeeded"), ("1", "script", "failed")]


def test_an_identity_that_is_not_assigned_gives_no_token(world: World) -> None:
    """The identity must be the scale set's."""
    client_id = world.add_storage()
    world.store.advance(PROPAGATED)
    assert f"no identity with clientId '{client_id}' is assigned" in world.put(body(1, extensions=[downloading(client_id)]))["message"]


def test_an_inline_script_that_handles_403_waits(world: World) -> None:
    """Its run takes as long as the assignment needs, and so does the operation of the PUT."""
    world.add_storage()
    before = world.store.now()
    text = f"until curl {BLOB}; do echo 403; done"
    script = base64.b64encode(gzip.compress(text.encode())).decode()
    assert world.put(with_identity(body(2, extensions=[extension(settings={"script": script})]))) == {}
    assert last_run(world) == ("succeeded", {BLOB: DIGEST}, 270)
    assert (world.store.now() - before).total_seconds() == 1 + 310


def test_an_inline_script_that_does_not_handle_403_fails(world: World) -> None:
    """A refusal is final for it."""
    world.add_storage()
    error = world.put(with_identity(body(1, extensions=[extension(settings={"script": encoded(f"curl '{BLOB}'")})])))
    assert (f"could not read {BLOB}: 403" in error["message"], last_run(world)) == (True, ("failed", {}, 0))


def test_a_url_that_a_variable_completes_is_left_alone(world: World) -> None:
    """Scripts are read, not executed."""
    assert world.put(body(1, extensions=[extension(settings={"script": encoded(f"curl {BLOB}$x https://example.org/y")})])) == {}
    assert last_run(world) == ("succeeded", {}, 0)


@pytest.mark.parametrize(
    ("settings", "protected"),
    [
        ({"commandToExecute": "a", "script": "Yg=="}, {}),
        ({"commandToExecute": "a"}, {"commandToExecute": "b"}),
        ({}, {}),
        ({"script": "not base64"}, {}),
    ],
)
def test_the_linux_handler_takes_wrong_settings_silently(world: World, settings: Json, protected: Json) -> None:
    """Since 2.1.17 its checks have no effect, and a script that can't be decoded is a success."""
    assert world.put(body(1, extensions=[extension(settings=settings, protectedSettings=protected)])) == {}


def test_an_old_linux_handler_refuses_them(world: World) -> None:
    """2.0 without minor upgrades still checks."""
    old = extension(typeHandlerVersion="2.0", settings={"commandToExecute": "a", "script": "Yg=="})
    assert "'commandToExecute' and 'script' were both specified" in world.put(body(1, extensions=[old]))["message"]


def windows_script(**properties: Any) -> Json:
    """A Custom Script for Windows."""
    return extension(publisher="Microsoft.Compute", type="CustomScriptExtension", typeHandlerVersion="1.10", **properties)


def test_an_encoded_command_is_read(world: World) -> None:
    """The URLs in its PowerShell text are fetched with the set's identities."""
    world.add_storage()
    world.store.advance(PROPAGATED)
    command = base64.b64encode(f"Invoke-WebRequest '{BLOB}'".encode("utf-16-le")).decode()
    settings = {"commandToExecute": f"powershell.exe -NoProfile -EncodedCommand {command}"}
    assert world.put(with_identity(windows(extensions=[windows_script(settings=settings)]))) == {}
    assert last_run(world) == ("succeeded", {BLOB: DIGEST}, 0)


def test_the_windows_handler_refuses_what_it_does_not_know(world: World) -> None:
    """`script` is Linux only."""
    assert "'script' is not a public setting" in world.put(windows(extensions=[windows_script(settings={"script": "YQ=="})]))["message"]


def dsc(settings: Json, protected: Json) -> Json:
    """A DSC extension."""
    return extension(
        "dsc", publisher="Microsoft.Powershell", type="DSC", typeHandlerVersion="2.77", settings=settings, protectedSettings=protected
    )


@pytest.mark.parametrize(
    ("settings", "protected", "message"),
    [
        ({"configuration": {"url": BLOB, "function": "F"}}, {}, "url requires that settings.configuration.script is specified"),
        ({"configuration": {"url": BLOB, "script": "a.ps1"}}, {}, "url requires that settings.configuration.function is specified"),
        ({"configuration": {"function": "F"}}, {}, "function requires that settings.configuration.url or"),
        ({}, {"configurationUrlSasToken": "?a"}, "protectedSettings.ConfigurationUrlSasToken requires that settings.configuration.url"),
        ({"configurationArguments": {"a": 1}}, {"configurationArguments": {"a": 2}}, "Found duplicate arguments 'a'"),
        ({"configurationArguments": [1]}, {}, "Invalid configurationArguments type list"),
        ({"privacy": {"dataCollection": "Off"}}, {}, "Privacy.dataCollection is 'Off'"),
        ({"wmfVersion": "3.0"}, {}, "WmfVersion is '3.0'"),
    ],
)
def test_dsc_refuses(world: World, settings: Json, protected: Json, message: str) -> None:
    """The handler's own error messages."""
    assert message in world.put(windows(extensions=[dsc(settings, protected)]))["message"]


def test_dsc_reads_no_blob_with_an_identity(world: World) -> None:
    """Only a SAS opens the package for it."""
    world.add_storage()
    world.store.advance(PROPAGATED)
    settings = {"configuration": {"url": BLOB, "script": "a.ps1", "function": "F"}}
    assert "unexpected status code" in world.put(with_identity(windows(extensions=[dsc(settings, {})])))["message"]


def test_dsc_takes_the_old_form(world: World) -> None:
    """`ModulesUrl` and its siblings."""
    settings = {"ModulesUrl": "https://example.org/a.zip", "ConfigurationFunction": "a.ps1\\F", "WMFVersion": "latest"}
    assert world.put(windows(extensions=[dsc(settings, {"SasToken": "?sv=1"})])) == {}
    assert last_run(world) == ("succeeded", {"a.zip": None}, 0)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"protocol": "tcp"},
        {"protocol": "http"},
        {"protocol": "tcp", "port": 1, "requestPath": "/"},
        {"protocol": "tcp", "port": 1, "numberOfProbes": 25},
    ],
)
def test_application_health_refuses(world: World, settings: Json) -> None:
    """What each protocol needs, and the ranges."""
    assert "invalid configuration" in world.put(body(1, extensions=[health(settings=settings)]))["message"]
