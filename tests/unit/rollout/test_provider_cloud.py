"""Where the provider's cloud can't be found out, the error says what to do."""

import asyncio
from typing import Any

import pulumi
import pytest

from azure_scaleset.rollout import cloud, in_program, provider_cloud


class Component:
    """Stands for a component: its provider is the default one, or one that another language made."""

    def __init__(self, provider: object = None) -> None:
        self._provider = provider

    def get_provider(self, _: str) -> object:
        """The provider."""
        return self._provider


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ARM_METADATA_HOSTNAME", "ARM_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)


def told(component: Any) -> str:
    """What connecting fails with."""
    with pytest.raises(ConnectionError) as raised:
        asyncio.run(in_program.connection(component))
    return str(raised.value)


def test_an_environment_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, with those that there are, and the next step."""
    monkeypatch.setenv("ARM_ENVIRONMENT", "mars")

    assert told(Component()) == (
        "Azure can't be asked as the provider signs in: The environment (azure-native:environment, ARM_ENVIRONMENT) is 'mars'. Expected one of public, "
        "usgovernment, china. Next: mend the login or the settings of azure-native, then come again."
    )


def test_a_login_that_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider of a program in another language is asked for a token, and has none: the engine's error is no class of its own."""

    async def invoke(*_: Any) -> None:
        raise Exception("invocation of azure-native:authorization:getClientToken returned an error:\n AADSTS700082")  # as the engine's

    monkeypatch.setattr(pulumi.runtime, "invoke_async", invoke)

    assert "AADSTS700082. Next: mend the login" in told(Component(object()))


def test_a_cloud_that_does_not_tell_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it answer at all."""

    def silent(_: Any) -> None:
        raise OSError("timed out")

    monkeypatch.setattr(cloud, "time_of", silent)

    with pytest.raises(ConnectionError, match=r"timed out\. Next: mend the login"):
        asyncio.run(provider_cloud.time_of(Component()))  # type: ignore[arg-type]  # a stand-in
