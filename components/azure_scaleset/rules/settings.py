"""Reading the public and protected settings of an extension. Nothing here is a rule."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from azure_scaleset.rules.facts import handler
from azure_scaleset.rules.value import UNKNOWN, Unknown

PUBLIC = "settings"
PROTECTED = "protectedSettings"


class Settings(NamedTuple):
    """The two maps of settings; an absent one is empty. UNKNOWN where it isn't known, is no map, or lies in Key Vault."""

    public: Mapping[str, Any] | Unknown
    protected: Mapping[str, Any] | Unknown

    @property
    def known(self) -> bool:
        """Whether both maps are known, though not each of their values."""
        return self.public is not UNKNOWN and self.protected is not UNKNOWN

    def places(self, key: str) -> list[str]:
        """The names of the maps in which *key* certainly has a value that isn't empty."""
        return [name for name, values in self.maps() if _given(values.get(key))]

    def may_hold(self, key: str) -> bool:
        """Whether *key* has a value somewhere, or may have one."""
        return not self.known or any(values.get(key) is UNKNOWN or _given(values.get(key)) for _, values in self.maps())

    def maps(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The maps that are known, with their names."""
        for name, values in ((PUBLIC, self.public), (PROTECTED, self.protected)):
            if values is not UNKNOWN:
                yield name, values

    def values(self, key: str) -> Iterator[tuple[str, Any]]:
        """The values of *key* that are known, each with its path."""
        for name, values in self.maps():
            if values.get(key) is not None and values[key] is not UNKNOWN:
                yield f"{name}.{key}", values[key]


def settings_of(extension: Any, expected: str) -> Settings | None:
    """The settings of *extension* if it is one of the handler *expected*."""
    if not isinstance(extension, Mapping) or handler(extension) != expected:
        return None
    in_vault = extension.get("protectedSettingsFromKeyVault") is not None
    return Settings(_map(extension.get(PUBLIC)), UNKNOWN if in_vault else _map(extension.get(PROTECTED)))


def _map(value: Any) -> Mapping[str, Any] | Unknown:
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else UNKNOWN


def _given(value: Any) -> bool:
    """Handlers take an empty text or list as none; an empty map is a value (`managedIdentity: {}`)."""
    return value is not None and value is not UNKNOWN and value != "" and value != []
