"""Role definitions (built-in and custom ones) and role assignments, at any scope."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

from azure.mgmt.authorization.v2022_04_01 import models

from offline.arm import roles
from offline.arm.errors import ArmError, bad_request, conflict, not_implemented
from offline.arm.http import Json, Request
from offline.arm.ids import ResourceId
from offline.arm.registry import Context, ResourceType, register
from offline.arm.store import Store
from offline.arm.tenant import DEPLOYER, TENANT
from offline.arm.types import identity

REPLICATION = timedelta(minutes=2)
"""How long the directory takes to know a new principal."""

_PRINCIPAL_FILTER = re.compile(r"^(?:principalId eq|assignedTo\()\s*'([^']+)'\)?$")
_NAME_FILTER = re.compile(r"^roleName eq '([^']+)'$")


def _put(context: Context, new: Json, old: Json | None) -> Json:
    _check_guid(context.id.name, "InvalidRoleAssignmentId", "role assignment")
    given = new["properties"]
    _check_role(context.store, given["roleDefinitionId"])
    if not given.get("principalType"):
        _check_principal(context.store, given["principalId"])
    wanted = _identity(given, context.id.scope)
    if old is not None and _identity(old["properties"], old["properties"]["scope"]) != wanted:
        raise bad_request(
            "RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
        )
    for other in context.store.resources(context.id.scope + "/", roles.ASSIGNMENT):
        if other["id"].lower() != context.id.key and _identity(other["properties"], other["properties"]["scope"]) == wanted:
            raise conflict(
                "RoleAssignmentExists", f"The role assignment already exists. The ID of the existing role assignment is {other['name']}."
            )
    now = context.store.now().isoformat()
    made = (old or {}).get("properties", {}).get("createdOn", now)
    return {"properties": {"principalType": "ServicePrincipal", **given, "scope": context.id.scope, "createdOn": made, "updatedOn": now}}


def _check_guid(name: str, code: str, what: str) -> None:
    try:
        uuid.UUID(name)
    except ValueError:
        raise bad_request(code, f"The {what} ID '{name}' is not valid. The {what} ID must be a GUID.") from None


def _identity(properties: Json, scope: str) -> tuple[str, str, str]:
    """Principal, role and scope: what an assignment is."""
    return properties["principalId"].lower(), properties["roleDefinitionId"].rsplit("/", 1)[-1].lower(), scope.lower()


def _check_role(store: Store, definition_id: str) -> None:
    guid = definition_id.rsplit("/", 1)[-1].lower()
    if roles.named(store, definition_id) is None:
        raise bad_request(
            "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{guid}' does not exist.", "properties.roleDefinitionId"
        )


def _check_principal(store: Store, principal_id: str) -> None:
    """Without `principalType` Azure asks the directory, which does not know a principal at once."""
    made = _made(store, principal_id)
    if made is None or made + REPLICATION > store.now():
        raise bad_request(
            "PrincipalNotFound",
            f"Principal {principal_id.replace('-', '')} does not exist in the directory {TENANT}. Check that you have the correct principal ID. "
            "If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. "
            "In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group. "
            "See https://aka.ms/docs-principaltype",
            "properties.principalId",
        )


def _made(store: Store, principal_id: str) -> datetime | None:
    if principal_id.lower() == DEPLOYER:
        return datetime.min.replace(tzinfo=UTC)
    for each in store.resources(resource_type=identity.NAME):
        if each["properties"]["principalId"].lower() == principal_id.lower():
            return datetime.fromisoformat(each["systemData"]["createdAt"])
    for each in store.resources(resource_type="Microsoft.Compute/virtualMachineScaleSets"):
        if (each.get("identity") or {}).get("principalId", "").lower() == principal_id.lower():
            return datetime.fromisoformat(each["properties"]["timeCreated"])
    return None


def _assignments(bodies: list[Json], request: Request) -> list[Json]:
    wanted = request.query.get("$filter")
    if not wanted or wanted == "atScope()":
        return bodies
    match = _PRINCIPAL_FILTER.match(wanted)
    if match is None:
        raise not_implemented(f"the filter '{wanted}' of role assignments")
    return [each for each in bodies if each["properties"]["principalId"].lower() == match[1].lower()]


def _put_definition(context: Context, new: Json, old: Json | None) -> Json:
    """A custom role: its id is a GUID, its name is used once, it says where it may be assigned."""
    _check_guid(context.id.name, "InvalidRoleDefinitionId", "role definition")
    if context.id.name.lower() in roles.BUILT_IN:
        raise ArmError(403, "InvalidRoleDefinitionUpdate", f"The built-in role definition '{context.id.name}' can't be changed.")
    properties = new["properties"]
    for field in ("roleName", "permissions", "assignableScopes"):
        if not properties.get(field):
            raise bad_request("InvalidParameter", f"Required parameter 'properties.{field}' is missing (null).", f"properties.{field}")
    custom = [each for each in context.store.resources(resource_type=roles.DEFINITION) if each["id"].lower() != context.id.key]
    taken = {role.name.lower() for role in roles.BUILT_IN.values()} | {each["properties"]["roleName"].lower() for each in custom}
    if properties["roleName"].lower() in taken:
        raise conflict(
            "RoleDefinitionWithSameNameExists",
            f"A role definition cannot be updated with a name that already exists: '{properties['roleName']}'.",
        )
    return {"properties": {**properties, "type": "CustomRole"}}


def _delete_definition(context: Context, old: Json) -> None:
    for each in context.store.resources(resource_type=roles.ASSIGNMENT):
        if each["properties"]["roleDefinitionId"].rsplit("/", 1)[-1].lower() == context.id.name.lower():
            raise bad_request("RoleDefinitionHasAssignments", f"There are existing role assignments referencing role '{context.id.name}'.")


def _definition(store: Store, resource_id: ResourceId) -> Json | None:
    return roles.definition(resource_id.subscription, resource_id.name)


def _definitions(bodies: list[Json], request: Request) -> list[Json]:
    subscription = request.path.split("/")[2]
    found = [roles.definition(subscription, guid) for guid in roles.BUILT_IN] + bodies
    match = _NAME_FILTER.match(request.query.get("$filter", ""))
    if request.query.get("$filter") and match is None:
        raise not_implemented(f"the filter '{request.query['$filter']}' of role definitions")
    return [each for each in found if each and (match is None or each["properties"]["roleName"] == match[1])]


register(ResourceType(roles.ASSIGNMENT, models.RoleAssignmentCreateParameters, on_put=_put, tracked=False, filtered=_assignments))
register(
    ResourceType(
        roles.DEFINITION,
        models.RoleDefinition,
        on_put=_put_definition,
        on_delete=_delete_definition,
        built_in=_definition,
        tracked=False,
        filtered=_definitions,
    )
)
