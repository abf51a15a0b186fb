"""Resource ids taken apart."""

import pytest

from offline.arm.errors import ArmError
from offline.arm.ids import ResourceId, names_a_resource, parse

GROUP = "/subscriptions/sub/resourceGroups/group"
VAULT = f"{GROUP}/providers/Some.Space/vaults/vault"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "/subscriptions/sub",
            ResourceId("/subscriptions/sub", "sub", None, "/subscriptions/sub", "Microsoft.Resources/subscriptions", ("sub",)),
        ),
        (GROUP, ResourceId(GROUP, "sub", "group", "/subscriptions/sub", "Microsoft.Resources/resourceGroups", ("group",))),
        (f"{VAULT}/keys/key/", ResourceId(f"{VAULT}/keys/key", "sub", "group", GROUP, "Some.Space/vaults/keys", ("vault", "key"))),
        (
            f"{VAULT}/Providers/Other.Space/locks/lock",
            ResourceId(f"{VAULT}/Providers/Other.Space/locks/lock", "sub", "group", VAULT, "Other.Space/locks", ("lock",)),
        ),
    ],
)
def test_parts(text: str, expected: ResourceId) -> None:
    """Subscription, group, scope, type and names."""
    assert parse(text) == expected


@pytest.mark.parametrize(("text", "parent"), [(VAULT, None), (f"{VAULT}/keys/key", VAULT)])
def test_parent(text: str, parent: str | None) -> None:
    """A child has the id of its parent, a top-level resource has none."""
    assert parse(text).parent == parent


@pytest.mark.parametrize("text", ["vault", "/providers/Some.Space/vaults/vault", f"{GROUP}/vaults/vault", f"{VAULT}/keys"])
def test_what_is_no_id_is_refused(text: str) -> None:
    """With Azure's code for a bad id."""
    with pytest.raises(ArmError, match="LinkedInvalidPropertyId"):
        parse(text)


@pytest.mark.parametrize(("path", "expected"), [(VAULT, True), (GROUP, True), (f"{VAULT}/keys", False), (f"{GROUP}/resources", False)])
def test_ids_and_collections(path: str, expected: bool) -> None:
    """An id ends with a name, a collection with a type."""
    assert names_a_resource(path) is expected
