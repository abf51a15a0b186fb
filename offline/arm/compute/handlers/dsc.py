"""PowerShell DSC (`Microsoft.Powershell`/`DSC`)."""

from __future__ import annotations

from offline.arm.compute.handlers.downloads import download_all
from offline.arm.compute.handlers.run import HandlerError, Outcome, Run
from offline.arm.compute.tree import dig
from offline.arm.http import Json

_WMF = ("4.0", "5.0", "5.1", "5.1PP", "latest")
_DATA_COLLECTION = ("", "Enable", "Disable")


def handle(run: Run) -> Outcome:
    """Checks the settings (DS3-DS8), downloads the package with its SAS (no identity can be used), applies the configuration."""
    settings, protected = _new_form(run.settings, run.protected)
    _refuse(settings, protected)
    wanted = [
        (dig(settings, "configuration.url"), protected.get("configurationUrlSasToken")),
        (dig(settings, "configurationData.url"), protected.get("configurationDataUrlSasToken")),
    ]
    files = download_all(run, [_signed(url, token) for url, token in wanted if url], [])
    return Outcome("DSC configuration was applied successfully.", files)


def _signed(url: str, token: str | None) -> str:
    return url if not token else f"{url}?{token.removeprefix('?')}"


def _new_form(settings: Json, protected: Json) -> tuple[Json, Json]:
    """DS9: the old form (`ModulesUrl`, `ConfigurationFunction`, `Properties`, `SasToken`), which the handler adapts."""
    if "ModulesUrl" not in settings:
        return settings, protected
    script, _, function = settings.get("ConfigurationFunction", "").partition("\\")
    adapted: Json = {"configuration": {"url": settings["ModulesUrl"], "script": script, "function": function}}
    if settings.get("Properties"):
        adapted["configurationArguments"] = settings["Properties"]
    if settings.get("WMFVersion"):
        adapted["wmfVersion"] = settings["WMFVersion"]
    if settings.get("Privacy"):
        adapted["privacy"] = {"dataCollection": settings["Privacy"].get("DataCollection", "")}
    return adapted, {"configurationUrlSasToken": settings["SasToken"]} if settings.get("SasToken") else {}


def _refuse(settings: Json, protected: Json) -> None:
    configuration = settings.get("configuration") or {}
    for name, needed in (("url", "script"), ("script", "url"), ("url", "function")):
        if configuration.get(name) and not configuration.get(needed):
            raise HandlerError(f"settings.Configuration.{name} requires that settings.configuration.{needed} is specified")
    if configuration.get("function") and not (configuration.get("url") or configuration.get("module")):
        raise HandlerError(
            "settings.Configuration.function requires that settings.configuration.url or settings.configuration.module is specified"
        )
    for token, url in (("configurationUrlSasToken", "configuration.url"), ("configurationDataUrlSasToken", "configurationData.url")):
        if protected.get(token) and not dig(settings, url):
            raise HandlerError(f"protectedSettings.{token[0].upper()}{token[1:]} requires that settings.{url} is specified")
    arguments = [given.get("configurationArguments") or {} for given in (settings, protected)]
    for each in arguments:
        if not isinstance(each, dict):
            raise HandlerError(f"Invalid configurationArguments type {type(each).__name__}")
    twice = sorted(arguments[0].keys() & arguments[1].keys())
    if twice:
        raise HandlerError(f"Found duplicate arguments '{', '.join(twice)}' in both the public and protected configurationArguments")
    collection = dig(settings, "privacy.dataCollection") or ""
    if collection not in _DATA_COLLECTION:
        raise HandlerError(f"Privacy.dataCollection is '{collection}'. The only possible values are '', 'Enable', and 'Disable'")
    wmf = settings.get("wmfVersion") or "latest"
    if wmf not in _WMF:
        raise HandlerError(f"WmfVersion is '{wmf}'. Only possible values are {', '.join(_WMF[:-1])} and 'latest'")
