"""Which scale set a command is about: named by a stack, by its resource id, or by group and name."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.scale_set_id import FORM, SCALE_SET_ID

RESOURCE_TYPE = "azure-native:compute:VirtualMachineScaleSet"
"""Pulumi's type of a scale set."""


@dataclass(frozen=True)
class Target:
    """What the words of a command name."""

    id: str | None = None
    """Resource id of the scale set."""
    stack: str | None = None
    """Stack that has the scale set in its state."""
    group: str | None = None
    """Resource group; needs `name`."""
    name: str | None = None
    """Name of the scale set in `group`; with `stack`, which one of its scale sets, by its name in Azure or in the program."""

    @property
    def words(self) -> str:
        """The options that name the same scale set again, for a shell."""
        pairs = [("--id", self.id), ("--stack", self.stack), ("--group", self.group), ("--name", self.name)]
        return " ".join(f"{option} {shlex.quote(value)}" for option, value in pairs if value)


def scale_set_id(target: Target, environment: Mapping[str, str], export: Callable[[str], dict[str, Any]]) -> str:
    """The resource id of the scale set. *export* gives the exported state of a stack. Raises `CommandError`."""
    given = [option for option, value in (("--id", target.id), ("--stack", target.stack), ("--group", target.group)) if value]
    if len(given) > 1:
        raise CommandError(f"{' and '.join(given)} were given. Expected one of them: leave the others out.")
    if target.id:
        return _checked(target.id)
    if target.stack:
        return in_state(export(target.stack), target.stack, target.name)
    if target.group and target.name:
        subscription = environment.get("ARM_SUBSCRIPTION_ID")
        if not subscription:
            raise CommandError(
                "ARM_SUBSCRIPTION_ID is not set, and --group needs it. Next: export ARM_SUBSCRIPTION_ID=…, or give the resource id."
            )
        return (
            f"/subscriptions/{subscription}/resourceGroups/{target.group}/providers/Microsoft.Compute/virtualMachineScaleSets/{target.name}"
        )
    if target.group or target.name:
        raise CommandError(
            f"Only {'--group' if target.group else '--name'} was given. Expected --group GROUP and --name NAME, its name in Azure, together; or --stack STACK."
        )
    raise CommandError("No scale set was named. Expected --stack STACK, or a resource id, or --group GROUP and --name NAME.")


def in_state(deployment: Mapping[str, Any], stack: str, name: str | None) -> str:
    """The id of a stack's scale set; *name* chooses among several. Raises `CommandError` when there is none, or more than one."""
    resources = (deployment.get("deployment") or {}).get("resources") or ()
    # What a replacement left behind to be deleted is no scale set of the stack any more.
    present = [each for each in resources if each["type"] == RESOURCE_TYPE and each.get("id") and not each.get("delete")]
    names = [each["id"].rpartition("/")[2] for each in present]
    if not present:
        raise CommandError(f"Stack {stack} has no scale set in its state. Next: pulumi up --stack {stack}, or give a resource id.")
    if name is None:
        if len(present) > 1:
            raise CommandError(f"Stack {stack} has {len(present)} scale sets: {', '.join(names)}. Choose one: --name {names[0]}")
        return str(present[0]["id"])
    in_program = [each["urn"].rpartition("::")[2] for each in present]
    matching = [each["id"] for each, *known in zip(present, names, in_program, strict=True) if name in known]
    if len(matching) != 1:
        problem = "has no scale set" if not matching else "has more than one scale set"
        known_as = (f"{azure} (in the program: {own})" for azure, own in zip(names, in_program, strict=True))
        raise CommandError(f"Stack {stack} {problem} named {name}. Expected one of: {', '.join(known_as)}.")
    return str(matching[0])


def _checked(text: str) -> str:
    if not SCALE_SET_ID.fullmatch(text.rstrip("/")):
        raise CommandError(f"{text!r} is no resource id of a scale set. Expected {FORM}, as `az vmss list --query [].id` shows it.")
    return text.rstrip("/")
