"""The arguments of the extensions of a scale set."""

import enum
from typing import Any, NotRequired, TypedDict

import pulumi

from azure_scaleset.shape import one_of


class HealthProtocol(enum.StrEnum):
    """How the health of the application is asked for."""

    HTTP = "http"
    """GET `requestPath`; status 200 is healthy."""
    HTTPS = "https"
    """GET `requestPath` over TLS; status 200 is healthy."""
    TCP = "tcp"
    """A connection to `port` is healthy."""


class CustomScript(TypedDict):
    """Runs a script on each instance: `Microsoft.Azure.Extensions/CustomScript` on Linux, `Microsoft.Compute/CustomScriptExtension` on Windows.

    What runs is given by one of: `script` (one local file), `files` with `commandToExecute` (local files and folders), `fileUris` with
    `commandToExecute` (addresses that the instance downloads by itself), or `commandToExecute` alone. Local content is delivered by content: an
    edited file changes the extension, a touched one doesn't. The script may run more than once on an instance: it must be idempotent.
    """

    script: NotRequired[str]
    """Optional. Path of one local script, run without arguments: by its `#!` line on Linux, by Windows PowerShell on Windows. Default: none."""

    files: NotRequired[list[str]]
    """Optional. Paths of local files and folders that `commandToExecute` finds in its working folder. Default: none."""

    file_uris: NotRequired[list[pulumi.Input[str]]]
    """Optional. Addresses that the instance downloads before it runs `commandToExecute`. Changed content behind the same address is not
    seen by Azure. One with a SAS signature must be a secret; then all go to the protected settings. Default: none."""

    command_to_execute: NotRequired[pulumi.Input[str]]
    """Conditional: required but with `script`. The command line, run in the folder with the files. A secret one goes to the protected
    settings."""

    version: NotRequired[str]
    """Optional. `typeHandlerVersion`, as `Major.Minor`. Default: 2.1 on Linux, 1.10 on Windows."""


class Sas(TypedDict):
    """The validity of the shared access signature with which instances read the DSC archive. Fixed times, because a signature that is made
    anew at each update would be a change each time."""

    start: str
    """Required. First day, as `YYYY-MM-DD` (UTC)."""

    expiry: str
    """Required. Last day, as `YYYY-MM-DD` (UTC). After it a new instance can't install the application: a warning comes 60 days before."""


@one_of("source", "url")
class Dsc(TypedDict):
    """Applies a PowerShell DSC configuration: `Microsoft.Powershell/DSC`, Windows only. Azure retires this extension on 2028-03-31."""

    source: NotRequired[str]
    """Conditional: `source` or `url`. A local folder or `.ps1` file. It is zipped and delivered through a private container; needs
    `sas`."""

    url: NotRequired[pulumi.Input[str]]
    """Conditional: `source` or `url`. Address of a `.zip` with the script at its root."""

    script: NotRequired[str]
    """Conditional: required but where `source` is a file. Name of the script in the archive."""

    function: str
    """Required. Name of the DSC configuration in the script."""

    arguments: NotRequired[dict[str, pulumi.Input[str]]]
    """Optional. Arguments of the configuration. Secret ones go to the protected settings. Default: none."""

    wmf_version: NotRequired[str]
    """Optional. `wmfVersion`: the Windows Management Framework to install first. Default: latest."""

    sas: NotRequired[Sas]
    """Conditional: required with `source`. How long instances may read the archive."""

    url_sas_token: NotRequired[pulumi.Input[str]]
    """Optional. With `url`: SAS token for the archive, with its `?`. Always treated as a secret. Default: none."""

    version: NotRequired[str]
    """Optional. `typeHandlerVersion`, as `Major.Minor`. Default: 2.83. Below 2.75 there is no TLS 1.2."""


class ApplicationHealth(TypedDict):
    """Reports the application's health to the scale set: `Microsoft.ManagedServices/ApplicationHealthLinux` or `…Windows`."""

    protocol: HealthProtocol
    """Required. How the extension asks the application, on the instance itself."""

    port: NotRequired[int]
    """Conditional: required with tcp. Default: 80 with http, 443 with https."""

    request_path: NotRequired[str]
    """Conditional: required with http and https, not allowed with tcp. As `/health`."""

    interval_in_seconds: NotRequired[int]
    """Optional. 5 to 60 seconds. Default: 5."""

    number_of_probes: NotRequired[int]
    """Optional. 1 to 24 answers in a row change the state. Default: 1."""

    version: NotRequired[str]
    """Optional. Default: 1.0, where status 200 means healthy. With 2.0 the answer's body must be `{"ApplicationHealthState":
    "Healthy"}`."""


class KeyVaultSettings(TypedDict):
    """Protected settings that Azure itself takes from a secret in a key vault."""

    secret_url: pulumi.Input[str]
    """Required. Address of the secret, with its version."""

    source_vault_id: pulumi.Input[str]
    """Required. Resource id of the key vault."""


class CustomExtension(TypedDict):
    """Any other extension, by Azure's own words."""

    publisher: str
    """Required. As Microsoft.Azure.Monitor."""

    type: str
    """Required. Of the publisher's handlers, as AzureMonitorLinuxAgent."""

    version: str
    """Required. `typeHandlerVersion`, as `Major.Minor`."""

    settings: NotRequired[dict[str, Any]]
    """Optional. Public settings: everybody who may read the scale set reads them. A secret in them is refused. Default: none."""

    protected_settings: NotRequired[dict[str, Any]]
    """Optional. Encrypted settings. Always treated as secret. Default: none."""

    protected_settings_from_key_vault: NotRequired[KeyVaultSettings]
    """Optional. Encrypted settings from a key vault, in place of `protectedSettings`. Default: none."""

    auto_upgrade_minor_version: NotRequired[bool]
    """Optional. New instances get the newest minor version of the handler. Default: true."""

    enable_automatic_upgrade: NotRequired[bool]
    """Optional. Azure brings instances to newer versions of the handler by itself. Default: not sent, which is false."""

    suppress_failures: NotRequired[bool]
    """Optional. A failure of the extension is no failure of the instance. Default: not sent, which is false."""

    force_update_tag: NotRequired[str]
    """Optional. When it changes the extension runs again though its settings are the same. Default: none."""


@one_of("custom_script", "dsc", "application_health", "custom")
class Extension(TypedDict):
    """One extension of the scale set's model: exactly one of `customScript`, `dsc`, `applicationHealth`, `custom`."""

    custom_script: NotRequired[CustomScript]
    """Conditional. Runs a script."""

    dsc: NotRequired[Dsc]
    """Conditional. Applies a DSC configuration."""

    application_health: NotRequired[ApplicationHealth]
    """Conditional. Reports the application's health."""

    custom: NotRequired[CustomExtension]
    """Conditional. Any other extension."""

    name: NotRequired[str]
    """Optional. Name in the model. Default: CustomScript, DSC, ApplicationHealth, or the custom extension's type."""

    after: NotRequired[list[str]]
    """Optional. Names of extensions that must have succeeded before. Default: the health extension comes after Custom Script and DSC, the
    others after nothing."""
