"""The ordered list of extensions of a scale set's model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from azure_scaleset import secrecy
from azure_scaleset.errors import ArgumentError
from azure_scaleset.extensions import application_health, custom_script, dsc
from azure_scaleset.extensions.arguments import CustomExtension, Extension
from azure_scaleset.extensions.context import Context, OperatingSystem
from azure_scaleset.shape import camel

WAIT_NAME = "CloudInitWait"


@dataclass(frozen=True)
class Read:
    """An extension whose local content was read."""

    arguments: Extension
    name: str
    after: list[str]
    path: str
    content: custom_script.Content | dsc.Content | None


def read(
    extensions: Sequence[Extension], context_system: OperatingSystem, base: Any, problems: list[str], *, cloud_init: bool
) -> list[Read]:
    """Reads the local content of all extensions. With *cloud_init* and no Custom Script one is added that waits for cloud-init: nothing
    else in Azure does."""
    items: list[Extension] = list(extensions)
    if cloud_init and not any("custom_script" in item for item in items):
        items.append({"name": WAIT_NAME, "custom_script": {"command_to_execute": "true"}})
    result = [
        read_one(item, items, f"extensions[{index}]" if index < len(extensions) else "cloudInit", context_system, base, problems)
        for index, item in enumerate(items)
    ]
    _check_names(result, problems)
    return result


def read_one(
    item: Extension, others: Sequence[Extension], path: str, context_system: OperatingSystem, base: Any, problems: list[str]
) -> Read:
    """Reads the local content of one extension. *others*: those of the same list. *path*: where it is in the arguments."""
    content: custom_script.Content | dsc.Content | None = None
    if "custom_script" in item:
        content = custom_script.read(item["custom_script"], context_system, base, f"{path}.customScript", problems)
    elif "dsc" in item:
        content = dsc.read(item["dsc"], context_system, base, f"{path}.dsc", problems)
    elif "application_health" in item and "protocol" in item["application_health"]:
        application_health.check(item["application_health"], f"{path}.applicationHealth", problems)
    for key in ("custom_script", "dsc", "application_health", "custom"):
        version = item.get(key, {}).get("version")  # type: ignore[attr-defined]  # all four have one
        if version is not None and not re.fullmatch(r"\d+\.\d+", version):
            problems.append(f'{path}.{camel(key)}.version is {version!r}. Expected Major.Minor in quotes, as "2.1" (X4).')
    return Read(item, name_of(item), _after(item, others), path, content)


def define(extension: Read, context: Context) -> pulumi.Output[dict[str, Any]]:
    """azure-native's definition of one extension."""
    item, path = extension.arguments, extension.path
    if "custom_script" in item and isinstance(extension.content, custom_script.Content):
        body = custom_script.define(item["custom_script"], extension.content, extension.name, f"{path}.customScript", context)
    elif "dsc" in item and isinstance(extension.content, dsc.Content):
        body = dsc.define(item["dsc"], extension.content, extension.name, f"{path}.dsc", context)
    elif "application_health" in item:
        body = pulumi.Output.from_input(application_health.define(item["application_health"], context.system))
    else:
        body = _define_custom(item["custom"], f"{path}.custom", context)
    # Version 2.0 means "2.0 or a later 2.x": the versions of the handlers that old documents name are no longer the ones Azure has.
    common: dict[str, Any] = {"name": extension.name, "autoUpgradeMinorVersion": True}
    if extension.after:
        common["provisionAfterExtensions"] = extension.after
    return body.apply(lambda definition: {**common, **definition})


def health_extension(extensions: Sequence[Extension]) -> bool:
    """Whether one of the extensions reports the application's health."""
    return any("application_health" in item for item in extensions)


def name_of(item: Extension) -> str:
    """The name of an extension in the model."""
    return item.get("name") or _default_name(item)


def _define_custom(arguments: CustomExtension, path: str, context: Context) -> pulumi.Output[dict[str, Any]]:
    definition: dict[str, Any] = {
        "publisher": arguments["publisher"],
        "type": arguments["type"],
        "typeHandlerVersion": arguments["version"],
    }
    for key, name in (
        ("forceUpdateTag", "force_update_tag"),
        ("autoUpgradeMinorVersion", "auto_upgrade_minor_version"),
        ("enableAutomaticUpgrade", "enable_automatic_upgrade"),
        ("suppressFailures", "suppress_failures"),
    ):
        if name in arguments:
            definition[key] = arguments[name]  # type: ignore[literal-required]  # the names are the TypedDict's own
    if "protected_settings_from_key_vault" in arguments:
        reference = arguments["protected_settings_from_key_vault"]
        definition["protectedSettingsFromKeyVault"] = {
            "secretUrl": reference["secret_url"],
            "sourceVault": {"id": reference["source_vault_id"]},
        }
    public = arguments.get("settings", {})

    async def build() -> dict[str, Any]:
        secret = await secrecy.secret_paths(public, f"{path}.settings")
        if secret:
            raise ArgumentError(
                context.subject, [f"{place} is secret, but public settings are readable. Move it to protectedSettings." for place in secret]
            )
        settings = await secrecy.build_settings(context.subject, f"{path}.settings", public, arguments.get("protected_settings"))
        if "settings" not in arguments:
            del settings["settings"]
        return {**definition, **settings}

    return secrecy.lift(build())


def _default_name(item: Extension) -> str:
    for key, name in (("custom_script", "CustomScript"), ("dsc", "DSC"), ("application_health", "ApplicationHealth")):
        if key in item:
            return name
    return item.get("custom", {}).get("type", "extension")


def _after(item: Extension, items: Sequence[Extension]) -> list[str]:
    """Health is reported only once the application is there (H6)."""
    if "after" in item:
        return item["after"]
    if "application_health" not in item:
        return []
    return [name_of(other) for other in items if "custom_script" in other or "dsc" in other]


def _check_names(extensions: Sequence[Read], problems: list[str]) -> None:
    names = [extension.name for extension in extensions]
    problems.extend(
        f"extensions: the name {name} is given twice. Give each extension a name of its own."
        for name in sorted({n for n in names if names.count(n) > 1})
    )
    for extension in extensions:
        for other in extension.after:
            if other not in names:
                problems.append(
                    f"{extension.path}.after names {other}, which is no extension of this scale set. It has {', '.join(names)}."
                )
    if _has_cycle({extension.name: extension.after for extension in extensions}):
        problems.append("extensions: the order given by after goes in a circle. Remove one of the links.")


def _has_cycle(after: dict[str, list[str]]) -> bool:
    remaining = dict(after)
    while remaining:
        free = [name for name, others in remaining.items() if not any(other in remaining for other in others)]
        if not free:
            return True
        for name in free:
            del remaining[name]
    return False
