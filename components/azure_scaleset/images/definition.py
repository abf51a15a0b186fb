"""What an image definition says of its versions, and whether a source fits it. Pure."""

from collections.abc import Mapping
from typing import Any

from azure_scaleset.extensions.context import OperatingSystem
from azure_scaleset.images.arguments import Architecture, Generation, ImageDefinition, ImageSecurity
from azure_scaleset.images.machine import LiveSource, Machine, is_snapshot, is_vm, security_named
from azure_scaleset.rules.gallery import plain

_NOT_OF_A_STANDARD_VM = ("TrustedLaunch", "TrustedLaunchSupported", "TrustedLaunchAndConfidentialVmSupported", "ConfidentialVmSupported")


def definition_properties(definition: ImageDefinition, machine: Machine | None) -> dict[str, Any]:
    """What of a definition can't be changed, in ARM's names: as given, else as the source is, else as today's images are. *machine*: None of a VHD.
    Raises ValueError where the source's security type is none of `ImageSecurity`, and is needed."""
    system = definition["os"].value if "os" in definition else machine.os if machine else OperatingSystem.LINUX.value
    generation = definition["generation"].value if "generation" in definition else machine.generation if machine else Generation.V2.value
    told = machine.architecture if machine else None
    architecture = definition["architecture"].value if "architecture" in definition else told or Architecture.X64.value
    security = definition.get("security") or _security(generation, architecture, machine)
    plan = definition.get("purchase_plan") or (machine.plan if machine else None)
    return {
        "osType": system,
        "hyperVGeneration": generation,
        "architecture": architecture,
        "features": [] if security is ImageSecurity.STANDARD else [{"name": "SecurityType", "value": security.value}],
        **({"purchasePlan": dict(plan)} if plan else {}),
    }


def _security(generation: str, architecture: str, machine: Machine | None) -> ImageSecurity:
    if machine is not None and machine.security is not None:
        # Of a VM or its disk Azure takes no version for images that support trusted launch, only for those that are it (T25).
        known = next((each for each in ImageSecurity if each == machine.security), None)
        if known is None:
            raise ValueError(
                f"destination.definition.security is missing, and the source has the security type {machine.security}, which is not known here. "
                f"Expected {', '.join(ImageSecurity)}: add the one that the image is for."
            )
        return known
    trusted = generation == Generation.V2 and architecture == Architecture.X64
    return ImageSecurity.TRUSTED_LAUNCH_SUPPORTED if trusted else ImageSecurity.STANDARD


def refusals(source: LiveSource, location: str, definition: Mapping[str, Any] | None, *, managed: bool = False) -> list[str]:
    """Why no image of *source* can be made in *location*, as a version of *definition* (ARM's body, where it is known), or as a *managed* image."""
    found = []
    if not source.generalized:
        found.append(
            f"{source.words} is not generalized (V1): an image of it would not start. Next: scaleset capture {source.id}, which prepares it."
        )
    if plain(source.location) != plain(location):
        found.append(f"{source.words} is in {source.location}, and location is {location}. Expected the same region (Y5).")
    if source.tells.security == "ConfidentialVM" and is_vm(source.id):
        found.append(f"{source.words} is confidential, and isn't captured. Build its image with Image Builder or Packer.")
    if managed:
        found += _unfit_for_managed(source)
    return found if definition is None else found + _unfit(source, definition)


def _unfit_for_managed(source: LiveSource) -> list[str]:
    found = []
    if source.tells.security == "TrustedLaunch":
        found.append(f"{source.words} is of trusted launch, and of such a VM Azure makes no managed image (G7, T25).")
    if source.tells.architecture not in (None, "x64"):
        found.append(f"{source.words} is of architecture {source.tells.architecture}, and Azure makes managed images of x64 only (G7).")
    return [f"{each} Make a gallery version of it instead of a managed image." for each in found]


def _unfit(source: LiveSource, definition: Mapping[str, Any]) -> list[str]:
    found = other_machines(source.words, source.tells, definition)
    # Of a snapshot Azure doesn't know which of the two it is.
    if not is_snapshot(source.id):
        found += specialized(f"The image of {source.words}", definition)
    return found + _other_security(source, str(definition.get("name")), security_type(definition))


def other_machines(words: str, tells: Machine, definition: Mapping[str, Any]) -> list[str]:
    """That images of such machines are of another system, generation or architecture than those of a definition (ARM's body). *words*: what tells that."""
    properties, name, found = definition.get("properties") or {}, str(definition.get("name")), []
    system = str(properties.get("osType") or tells.os)
    if tells.os and system.casefold() != tells.os.casefold():
        found.append(f"{words} is of {tells.os}, and the definition {name} of {system} (B12). Take another definition.")
    generation = str(properties.get("hyperVGeneration") or "V1")
    if generation != tells.generation:
        found.append(
            f"{words} is of generation {tells.generation}, and the definition {name} of {generation} (B12). "
            f"Take a definition with generation {tells.generation}."
        )
    architecture = str(properties.get("architecture") or "x64")
    if tells.architecture not in (None, architecture):
        found.append(
            f"{words} is of {tells.architecture}, and the definition {name} of {architecture} (B12). "
            f"Take a definition with architecture {tells.architecture}."
        )
    return found


def specialized(words: str, definition: Mapping[str, Any]) -> list[str]:
    """That a definition (ARM's body) is for specialized images. *words*: the image that isn't."""
    if (definition.get("properties") or {}).get("osState") != "Specialized":
        return []
    return [
        f"{words} is generalized, and the definition {definition.get('name')} is for specialized ones (B12). Take a definition with osState Generalized."
    ]


def _other_security(source: LiveSource, name: str, security: str) -> list[str]:
    """A machine of trusted launch makes images for trusted launch alone, any other machine none of these, and a machine none for both (T25)."""
    if source.tells.security == "TrustedLaunch" and security != "TrustedLaunch":
        return [
            f"{source.words} is of trusted launch, and the definition {name} has the security type {security} (T25). "
            "Expected TrustedLaunch: take a definition with security TrustedLaunch."
        ]
    if source.tells.security == "Standard" and security in _NOT_OF_A_STANDARD_VM:
        return [
            f"{source.words} is not of trusted launch, and the definition {name} has the security type {security} (T25). "
            "Expected Standard: take a definition with security Standard."
        ]
    return []


def security_type(definition: Mapping[str, Any]) -> str:
    """The security type of a definition, from ARM's body, as `security_named` gives it."""
    features = (definition.get("properties") or {}).get("features") or ()
    return security_named(
        next((str(each.get("value")) for each in features if str(each.get("name")).casefold() == "securitytype"), "Standard")
    )
