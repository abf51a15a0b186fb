"""User-assigned identities and role assignments."""

import uuid
from typing import Any

import pytest

from tests.unit.offline.arm import GROUP, SUBSCRIPTION, Arm

IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
ROLES = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
CONTRIBUTOR = f"{ROLES}/b24988ac-6180-42a0-ab88-20f7382dd24c"
FIRST, SECOND = (f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{uuid.UUID(int=number)}" for number in (1, 2))


@pytest.fixture
def principal(arm: Arm) -> str:
    """The principal of a new identity."""
    return str(arm.made(IDENTITY, {"location": "westeurope"})["properties"]["principalId"])


def assignment(principal: str, role: str = CONTRIBUTOR, kind: str | None = "ServicePrincipal") -> Any:
    """The body of a role assignment."""
    return {"properties": {"principalId": principal, "roleDefinitionId": role} | ({"principalType": kind} if kind else {})}


def test_identity_made_again_is_another_principal(arm: Arm, principal: str) -> None:
    """An update keeps the principal, deleting and making again does not."""
    same = arm.made(IDENTITY, {"location": "westeurope", "tags": {"a": "b"}})["properties"]["principalId"]
    arm.call("DELETE", IDENTITY)
    other = arm.made(IDENTITY, {"location": "westeurope"})["properties"]["principalId"]
    assert (same == principal, other == principal) == (True, False)


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        (f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/reader", assignment("p"), (400, "InvalidRoleAssignmentId", None)),
        (FIRST, assignment("p", kind=None), (400, "PrincipalNotFound", "properties.principalId")),
        (FIRST, assignment("p", f"{ROLES}/{uuid.UUID(int=0)}"), (404, "ResourceNotFound", "properties.roleDefinitionId")),
        (
            FIRST,
            assignment("p", f"/providers/Microsoft.Authorization/roleDefinitions/{uuid.UUID(int=0)}"),
            (400, "RoleDefinitionDoesNotExist", "properties.roleDefinitionId"),
        ),
        (FIRST, {"properties": {"principalId": "p"}}, (400, "InvalidParameter", "properties.roleDefinitionId")),
    ],
)
def test_assignments_are_refused(arm: Arm, path: str, body: Any, expected: tuple[int, str, str | None]) -> None:
    """A name that is no GUID, an unknown principal, an unknown role, no role."""
    assert arm.refused("PUT", path, body) == expected


def test_new_principal_is_unknown_for_a_while(arm: Arm, principal: str) -> None:
    """Without `principalType` the directory is asked, which learns of a principal minutes later."""
    assert arm.refused("PUT", FIRST, assignment(principal, kind=None))[1] == "PrincipalNotFound"
    arm.store.advance(120)
    assert arm.call("PUT", FIRST, assignment(principal, kind=None)).status == 201


def test_same_assignment_under_another_name_exists(arm: Arm, principal: str) -> None:
    """Principal, role and scope are assigned once; the same name again is an update."""
    arm.made(FIRST, assignment(principal))
    assert arm.call("PUT", FIRST, assignment(principal)).status == 200
    assert arm.refused("PUT", SECOND, assignment(principal))[:2] == (409, "RoleAssignmentExists")


def test_assignment_keeps_what_it_is(arm: Arm, principal: str) -> None:
    """Another role under the same name is refused."""
    arm.made(FIRST, assignment(principal))
    assert (
        arm.refused("PUT", FIRST, assignment(principal, f"{ROLES}/acdd72a7-3385-48ef-bd42-f606fba81ae7"))[1]
        == "RoleAssignmentUpdateNotPermitted"
    )


def test_assignments_of_a_principal_are_listed(arm: Arm, principal: str) -> None:
    """The filter that clients use; another filter is refused by name."""
    arm.made(FIRST, assignment(principal))
    arm.made(SECOND, assignment(str(uuid.UUID(int=9))))
    path = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments"
    version = "api-version=2022-04-01&$filter="
    found = (arm.call("GET", path, query=f"{version}principalId eq '{principal}'").body or {})["value"]
    assert ([each["id"] for each in found], arm.call("GET", path, query=f"{version}nonsense").status) == ([FIRST], 501)


def test_built_in_roles_are_found_by_name(arm: Arm) -> None:
    """As the command line does to turn a name into an id."""
    query = "api-version=2022-04-01&$filter=roleName eq 'Contributor'"
    found = (arm.call("GET", ROLES, query=query).body or {})["value"]
    assert [each["id"] for each in found] == [CONTRIBUTOR]


def test_a_look_at_a_young_assignment_waits(arm: Arm, principal: str) -> None:
    """For five minutes it isn't known everywhere: who looks again and again gets there, and then time stands still."""
    arm.made(FIRST, assignment(principal))
    before = arm.store.now()
    first = arm.call("GET", FIRST)
    assert (arm.store.now() - before).total_seconds() == 10
    assert first.headers == {"Retry-After": "0.01"}

    while arm.call("GET", FIRST).headers:
        pass
    arrived = arm.store.now()
    assert arm.call("GET", FIRST).headers == {}
    assert arm.store.now() == arrived
    assert 300 <= (arrived - before).total_seconds() <= 310
