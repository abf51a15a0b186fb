"""What a preview of an older version's state says against a new version."""

from typing import Any

from tools.upgrade_check import children, problems

NETWORK = "urn:pulumi:test::p::azure-scaleset:index:Network"
GROUP = "azure-native:network:NetworkSecurityGroup"


def step(op: str, name: str, **more: Any) -> dict[str, Any]:
    """A step on a security group of a Network."""
    return {"op": op, "urn": f"{NETWORK}${GROUP}::{name}", **more}


def test_nothing_to_do_is_no_problem() -> None:
    """Resources that stay, and stack references that are read."""
    assert problems({"steps": [step("same", "net-nsg"), step("read", "other")]}) == []


def test_a_renamed_child() -> None:
    """It is deleted and made anew: both are told, the deletion with the alias that keeps it."""
    assert problems({"steps": [step("create", "net-firewall"), step("delete", "net-nsg")]}) == [
        f"net-firewall ({GROUP}) is new. A program that updates the package alone would get it: make it only when an argument asks for it.",
        f'net-nsg ({GROUP}) is deleted. It seems to be net-firewall now: give that `aliases=[pulumi.Alias(name="net-nsg")]`.',
    ]


def test_a_child_that_is_gone() -> None:
    """Without another of its type there is no new name to tell."""
    assert problems({"steps": [step("delete", "net-nsg")]}) == [
        f'net-nsg ({GROUP}) is deleted. If it has another name or parent now, give the new one `aliases=[pulumi.Alias(name="net-nsg")]`.'
    ]


def test_a_changed_default() -> None:
    """An update that the program didn't ask for, with the properties that change."""
    changed = step("update", "net-nsg", detailedDiff={"securityRules[0].priority": {}, "tags": {}})
    assert problems({"steps": [changed]}) == [
        f"net-nsg ({GROUP}) changes: securityRules[0].priority, tags. Keep the old value where the program gives none, or release a version that may break."
    ]


def test_a_replacement() -> None:
    """With its reason; its several steps are told once."""
    steps = [step(op, "net-nsg", detailedDiff={"location": {}}) for op in ("create-replacement", "replace", "delete-replaced")]
    assert problems({"steps": steps}) == [
        f"net-nsg ({GROUP}) is replaced, because of location. Keep what decides it, or release a version that may break."
    ]


def test_the_children_of_components() -> None:
    """By the component's name, digests as a word; what is no child of a component isn't listed."""
    resources = [
        {"urn": f"{NETWORK}::net", "type": "azure-scaleset:index:Network"},
        {"urn": f"{NETWORK}${GROUP}::net-nsg", "type": GROUP, "parent": f"{NETWORK}::net"},
        {"urn": f"{NETWORK}$pulumi:index:Stash::net-os-0a1b2c", "type": "pulumi:index:Stash", "parent": f"{NETWORK}::net"},
        {"urn": "urn:pulumi:test::p::x::alone", "type": "x"},
    ]
    assert children({"deployment": {"resources": resources}}) == [
        ("Network", GROUP, "<name>-nsg"),
        ("Network", "pulumi:index:Stash", "<name>-os-<digest>"),
    ]
