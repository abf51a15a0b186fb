"""Signs in and opens a scale set in Azure."""

import logging
import os
from collections.abc import Callable
from typing import Any

from azure.core.credentials import TokenCredential
from azure.identity import AzureAuthorityHosts, DefaultAzureCredential

from azure_scaleset.commands import pulumi_command
from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.target import Target, scale_set_id
from azure_scaleset.rollout import cloud
from azure_scaleset.rollout.arm import Arm
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.scale_set import LiveScaleSet

_AUTHORITIES = {"usgovernment": AzureAuthorityHosts.AZURE_GOVERNMENT, "china": AzureAuthorityHosts.AZURE_CHINA}


def connect(target: Target, arm: Callable[[str, str, TokenCredential], Arm] = Arm) -> LiveScaleSet:
    """The scale set that *target* names, signed in by azure-identity's DefaultAzureCredential. *arm*: makes the connection.

    Raises `CommandError` where it isn't named, or the cloud isn't found.
    """
    resource_id = scale_set_id(target, os.environ, pulumi_command.export)
    return LiveScaleSet(signed_in(arm), resource_id)


def signed_in(arm: Callable[[str, str, TokenCredential], Arm] = Arm) -> Arm:
    """A connection, signed in by azure-identity's DefaultAzureCredential. *arm*: makes it. Raises `CommandError` where the cloud isn't found."""
    try:
        found = cloud.find()
    except ValueError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(
            f"The metadata host {os.environ.get('ARM_METADATA_HOSTNAME')} doesn't answer: {error}. Look at ARM_METADATA_HOSTNAME."
        ) from None
    # azure-identity logs each way that it tried as a warning, besides raising an error.
    logging.getLogger("azure").addHandler(logging.NullHandler())
    authority = _AUTHORITIES.get(os.environ.get("ARM_ENVIRONMENT", "").lower())
    credential = DefaultAzureCredential(**({"authority": authority} if authority and "AZURE_AUTHORITY_HOST" not in os.environ else {}))
    return arm(found.endpoint, found.scope, credential)


def wanted(model: dict[str, Any]) -> Wanted:
    """What the instances of a scale set must have, from its tags. Raises `CommandError` for a tag that is no time with its offset."""
    try:
        return Wanted.of(model)
    except ValueError as error:
        raise CommandError(str(error)) from None
