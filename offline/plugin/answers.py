"""Errors as the engine reads them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf import any_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2

from offline.arm.errors import ArmError
from offline.plugin import values
from offline.plugin.client import AzureError
from offline.plugin.resources import PartlyDone

_EXPECTED = (AzureError, ArmError, LookupError, ValueError, OSError)
"""What is refused with a reason for the user; anything else is a mistake of the plugin and shows its trace."""

Method = Callable[[Any, Any, Any], Any]


def answering(method: Method) -> Method:
    """Makes a method of the protocol answer its refusals as errors that the engine prints."""

    @functools.wraps(method)
    def answer(provider: Any, request: Any, context: Any) -> Any:
        try:
            return method(provider, request, context)
        except PartlyDone as error:
            context.set_trailing_metadata((("grpc-status-details-bin", _partly_done(error, request).SerializeToString()),))
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except _EXPECTED as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return answer


def _partly_done(error: PartlyDone, request: Any) -> Any:
    """The resource exists: the engine records it with its outputs, the inputs of this request and the reason."""
    inputs = request.properties if isinstance(request, provider_pb2.CreateRequest) else request.news
    detail = any_pb2.Any()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.resource_id, properties=values.write(error.outputs), reasons=[str(error)], inputs=inputs
        )
    )
    return status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error), details=[detail])
