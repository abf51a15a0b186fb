"""Rules of the DSC extension. Its settings are read without regard to letter case, as PowerShell does."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from azure_scaleset.rules.facts import DSC, handler
from azure_scaleset.rules.rule import Found, Subject, Target
from azure_scaleset.rules.settings import PROTECTED, PUBLIC, settings_of
from azure_scaleset.rules.value import UNKNOWN, mapping, text

_rules = Subject("DSC", Target.EXTENSION)

_SOURCE = "acd:virtual-machines/extensions/dsc-template.md"
_PUBLIC_KEYS = ("wmfVersion", "configuration", "configurationArguments", "configurationData", "privacy", "advancedOptions")
_PROTECTED_KEYS = ("configurationArguments", "configurationUrlSasToken", "configurationDataUrlSasToken")
_OLD_KEYS = (
    "modulesurl",
    "modulesource",
    "configurationfunction",
    "properties",
    "sastoken",
    "items",
    "datablobrui",
    "databloburi",
    "wmfversion",
    "moduleversion",
    "scripturi",
)
_WMF_VERSIONS = ("", "latest", "4.0", "5.0", "5.0pp", "5.1", "5.1pp")
_PACKAGE = re.compile(r"\.(?:zip|ps1)(?:[?#]|\Z)", re.IGNORECASE)


def _folded(values: Any) -> dict[str, Any]:
    """The keys of *values* in small letters."""
    return {key.casefold(): value for key, value in mapping(values).items()}


def _old_form(public: Mapping[str, Any]) -> bool:
    """Whether *public* is of the handler's first form, which it translates itself."""
    return any(key in public for key in ("modulesurl", "configurationfunction", "properties", "sastoken"))


def _configuration(extension: Any) -> dict[str, Any] | None:
    """`settings.configuration` where it is known and of today's form."""
    settings = settings_of(extension, DSC)
    public = _folded(settings.public) if settings and settings.public is not UNKNOWN else None
    if public is None or _old_form(public) or not isinstance(public.get("configuration"), Mapping):
        return None
    return _folded(public["configuration"])


@_rules.warning("DS1", "Public settings have the keys that the handler knows.", source=_SOURCE)
def dsc_public_keys(extension: Any) -> Iterator[Found]:
    """The old form is accepted."""
    yield from _unknown_keys(extension, PUBLIC, _PUBLIC_KEYS)


@_rules.warning("DS2", "Protected settings have the keys that the handler knows.", source=_SOURCE)
def dsc_protected_keys(extension: Any) -> Iterator[Found]:
    """The old form is accepted."""
    yield from _unknown_keys(extension, PROTECTED, _PROTECTED_KEYS)


def _unknown_keys(extension: Any, name: str, allowed: tuple[str, ...]) -> Iterator[Found]:
    settings = settings_of(extension, DSC)
    known = {*(key.casefold() for key in allowed), *_OLD_KEYS}
    for place, values in settings.maps() if settings else ():
        for key in values if place == name else ():
            if key.casefold() not in known:
                yield Found(
                    f"{name}.{key}", f"{name} has the key {key!r}. Expected only {', '.join(allowed)}.", "Correct the key, or remove it."
                )


@_rules.error("DS3", "configuration has url, script and function together.", source=_SOURCE)
def dsc_configuration(extension: Any) -> Iterator[Found]:
    """function may come with module in place of url."""
    configuration = _configuration(extension)
    if configuration is None:
        return
    given = {key for key in ("url", "script", "function", "module") if configuration.get(key) not in (None, "")}
    for key, other in (("url", "script"), ("script", "url"), ("url", "function")):
        if key in given and other not in given:
            yield Found(
                f"{PUBLIC}.configuration.{other}",
                f"{other} is absent, and {key} is given. Expected url, script and function together.",
                f"Add {other}.",
            )
    if "function" in given and not given & {"url", "script", "module"}:
        yield Found(
            f"{PUBLIC}.configuration.url", "url is absent, and function is given. Expected url or module with it.", "Add url and script."
        )


@_rules.error("DS4", "A SAS token comes with the address that it is for.", source=_SOURCE)
def dsc_tokens(extension: Any) -> Iterator[Found]:
    """No message shows the token."""
    settings = settings_of(extension, DSC)
    if settings is None or not settings.known:
        return
    public, protected = _folded(settings.public), _folded(settings.protected)
    for token, owner in (("configurationUrlSasToken", "configuration"), ("configurationDataUrlSasToken", "configurationData")):
        holder = public.get(owner.casefold())
        if protected.get(token.casefold()) in (None, "", UNKNOWN) or holder is UNKNOWN or _old_form(public):
            continue
        if _folded(holder).get("url") in (None, ""):
            yield Found(
                f"{PUBLIC}.{owner}.url",
                f"{owner}.url is absent, and {token} is given. Expected the address that the token is for.",
                f"Add {owner}.url, or remove the token.",
            )


@_rules.error("DS5", "An argument is in public or in protected configurationArguments.", source=_SOURCE)
def dsc_arguments_twice(extension: Any) -> Iterator[Found]:
    """PowerShell compares names without regard to letter case."""
    settings = settings_of(extension, DSC)
    if settings is None or not settings.known:
        return
    public, protected = (_folded(_folded(values).get("configurationarguments")) for values in (settings.public, settings.protected))
    for name in sorted(public.keys() & protected.keys()):
        yield Found(
            f"{PROTECTED}.configurationArguments.{name}",
            f"{name} is an argument in public and in protected configurationArguments. Expected it in one of the two.",
            "Remove it from the public ones if it is secret.",
        )


@_rules.error("DS6", "privacy.dataCollection is Enable, Disable or empty.", source=_SOURCE)
def dsc_privacy(extension: Any) -> Iterator[Found]:
    """Anything else is refused by the handler."""
    settings = settings_of(extension, DSC)
    public = _folded(settings.public) if settings else {}
    collection = _folded(public.get("privacy")).get("datacollection")
    if isinstance(collection, str) and collection.casefold() not in ("", "enable", "disable"):
        yield Found(
            f"{PUBLIC}.privacy.dataCollection",
            f"dataCollection is {collection!r}. Expected Enable, Disable, or an empty text.",
            "Take Disable.",
        )


@_rules.error("DS7", "wmfVersion is one that the handler knows.", source=_SOURCE)
def dsc_wmf_version(extension: Any) -> Iterator[Found]:
    """The version of the Windows Management Framework."""
    settings = settings_of(extension, DSC)
    version = text(_folded(settings.public).get("wmfversion")) if settings else None
    if version is not None and version.casefold() not in _WMF_VERSIONS:
        yield Found(f"{PUBLIC}.wmfVersion", f"wmfVersion is {version!r}. Expected latest, 4.0, 5.0 or 5.1.", "Take latest.")


@_rules.error("DS8", "configurationArguments is a map.", source=_SOURCE)
def dsc_arguments_type(extension: Any) -> Iterator[Found]:
    """No message shows a value."""
    settings = settings_of(extension, DSC)
    for name, values in settings.maps() if settings else ():
        arguments = _folded(values).get("configurationarguments")
        if arguments is not None and arguments is not UNKNOWN and not isinstance(arguments, Mapping):
            yield Found(
                f"{name}.configurationArguments",
                f"configurationArguments is of type {type(arguments).__name__}. Expected a map of names to values.",
                "Give a map.",
            )


@_rules.warning("DS9", "configuration.url leads to a .zip or .ps1 file.", source=_SOURCE)
def dsc_package(extension: Any) -> Iterator[Found]:
    """The file's name alone is looked at."""
    url = text((_configuration(extension) or {}).get("url"))
    if url and not _PACKAGE.search(url):
        yield Found(
            f"{PUBLIC}.configuration.url",
            f"url ends with {url.partition('?')[0].rpartition('/')[2]!r}. Expected a file .zip or .ps1.",
            "Name the package that Publish-AzVMDscConfiguration makes.",
        )


@_rules.warning(
    "DS10", "DSC isn't used for anything that lives beyond 2028-03-31.", source="acd:virtual-machines/extensions/dsc-overview.md"
)
def dsc_retirement(extension: Any) -> Iterator[Found]:
    """Azure has announced its end."""
    if handler(mapping(extension)) == DSC:
        yield Found(
            "type",
            "Microsoft.Powershell/DSC is retired on 2028-03-31. Expected Azure machine configuration for what lives longer.",
            "Plan the move, or take Custom Script.",
        )
