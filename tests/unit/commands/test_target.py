"""Which scale set the words of a command name."""

from typing import Any

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.target import RESOURCE_TYPE, Target, in_state, scale_set_id

SETS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets"


def no_export(stack: str) -> dict[str, Any]:
    """Must not be asked."""
    raise AssertionError(stack)


def state(*names: str, **more: Any) -> dict[str, Any]:
    """A stack's state with scale sets of these names in Azure; in the program they are called `set-<name>`."""
    resources = [{"type": RESOURCE_TYPE, "urn": f"urn:pulumi:dev::p::t::set-{name}", "id": f"{SETS}/{name}", **more} for name in names]
    return {"version": 3, "deployment": {"resources": [{"type": "pulumi:pulumi:Stack", "urn": "urn:stack"}, *resources]}}


def test_resource_id_is_taken_as_it_is() -> None:
    """In any case of its letters, with or without a slash at the end."""
    found = scale_set_id(Target(id=f"{SETS.lower()}/web/"), {}, no_export)
    assert found == f"{SETS.lower()}/web"


def test_group_and_name_are_in_the_subscription_of_the_environment() -> None:
    """The id is put together."""
    assert scale_set_id(Target(group="g", name="web"), {"ARM_SUBSCRIPTION_ID": "s"}, no_export) == f"{SETS}/web"


def test_stack_is_asked_for_its_state() -> None:
    """The one scale set of the stack that was named."""
    assert scale_set_id(Target(stack="dev"), {}, {"dev": state("web")}.__getitem__) == f"{SETS}/web"


@pytest.mark.parametrize("name", ["green", "set-green"])
def test_name_chooses_among_the_scale_sets_of_a_stack(name: str) -> None:
    """By its name in Azure, or in the program."""
    assert in_state(state("blue", "green"), "dev", name) == f"{SETS}/green"


def test_what_is_left_to_be_deleted_does_not_count() -> None:
    """A replaced scale set that is still in the state is not chosen."""
    both = state("new")
    both["deployment"]["resources"] += state("old", delete=True)["deployment"]["resources"]
    assert in_state(both, "dev", None) == f"{SETS}/new"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (Target(), "No scale set was named. Expected --stack STACK, or a resource id, or --group GROUP and --name NAME."),
        (
            Target(group="g"),
            "Only --group was given. Expected --group GROUP and --name NAME, its name in Azure, together; or --stack STACK.",
        ),
        (
            Target(name="web"),
            "Only --name was given. Expected --group GROUP and --name NAME, its name in Azure, together; or --stack STACK.",
        ),
        (Target(id=f"{SETS}/web", stack="dev"), "--id and --stack were given. Expected one of them: leave the others out."),
        (
            Target(id="/subscriptions/s/resourceGroups/g"),
            "'/subscriptions/s/resourceGroups/g' is no resource id of a scale set. Expected "
            "/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/virtualMachineScaleSets/…, as `az vmss list --query [].id` shows it.",
        ),
        (
            Target(group="g", name="web"),
            "ARM_SUBSCRIPTION_ID is not set, and --group needs it. Next: export ARM_SUBSCRIPTION_ID=…, or give the resource id.",
        ),
    ],
)
def test_what_names_no_scale_set_is_refused(target: Target, message: str) -> None:
    """What was given, what is expected."""
    with pytest.raises(CommandError) as refusal:
        scale_set_id(target, {}, no_export)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("names", "name", "message"),
    [
        ((), None, "Stack dev has no scale set in its state. Next: pulumi up --stack dev, or give a resource id."),
        (("blue", "green"), None, "Stack dev has 2 scale sets: blue, green. Choose one: --name blue"),
        (
            ("blue", "green"),
            "red",
            "Stack dev has no scale set named red. Expected one of: blue (in the program: set-blue), green (in the program: set-green).",
        ),
    ],
)
def test_state_without_the_one_scale_set_is_refused(names: tuple[str, ...], name: str | None, message: str) -> None:
    """None, several, or none of that name: the names that there are."""
    with pytest.raises(CommandError) as refusal:
        in_state(state(*names), "dev", name)
    assert str(refusal.value) == message


def test_words_name_the_same_scale_set_again() -> None:
    """Options for a shell, quoted where needed."""
    assert Target(stack="dev", name="my set").words == "--stack dev --name 'my set'"
