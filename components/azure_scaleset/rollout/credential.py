"""The token of azure-native's own login, inside a program: the rollout signs in as the deployment does."""

import asyncio
import time
from typing import Any

import pulumi
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from azure_scaleset.rollout.token import TOKEN, claims

_ANSWER_SECONDS = 120


class ProgramCredential:
    """azure-core's TokenCredential from the provider of a component. It is asked again whenever a token ends: rollouts outlive tokens (T22)."""

    def __init__(self, parent: pulumi.Resource, loop: asyncio.AbstractEventLoop) -> None:
        """*parent*: its provider is asked, not the default one (E8). *loop*: the program's; calls come from other threads."""
        self._parent = parent
        self._loop = loop

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """A token for Resource Manager; *scopes* are the provider's own business. Raises azure-core's `ClientAuthenticationError`."""
        asked = asyncio.run_coroutine_threadsafe(self._ask(), self._loop)
        try:
            token = asked.result(_ANSWER_SECONDS)
        except Exception as error:  # the engine's word for a login that ended is no class of its own
            raise ClientAuthenticationError(f"no token for Azure: {error or 'azure-native did not answer'}") from error
        return AccessToken(token, _expiry(token))

    async def _ask(self) -> str:
        answer = await pulumi.runtime.invoke_async(TOKEN, {}, pulumi.InvokeOptions(parent=self._parent))
        return str(answer["token"])


def _expiry(token: str) -> int:
    """When a JWT ends, in seconds since 1970; soon, where it doesn't tell."""
    try:
        return int(claims(token)["exp"])
    except (KeyError, TypeError, ValueError):
        return int(time.time()) + 300
