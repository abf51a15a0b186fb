"""A rollout outlives its tokens, also those that end before the client thinks so (T22)."""

from typing import Any

import pytest
import requests
from azure.core.credentials import AccessToken

from azure_scaleset.rollout.arm import Arm
from azure_scaleset.rollout.drive import Rollout
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.scale_set import LiveScaleSet
from offline import tokens
from offline.arm import faults
from offline.arm.errors import ArmError
from offline.arm.store import Store
from tests.unit.rollout.transport import ENDPOINT, Transport, Wire
from tests.unit.rollout.world import SET, Site, model


class Guarded(Wire):
    """A wire whose Azure looks at tokens, as the https server does."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.refused = 0
        """How many calls had a token that had ended."""

    def send(self, request: requests.PreparedRequest, *rest: Any, **more: Any) -> requests.Response:
        """401 with Azure's code, or the answer."""
        try:
            tokens.principal_of(self._store, {name.lower(): str(value) for name, value in request.headers.items()}, tokens.ARM_AUDIENCES)
        except ArmError as refusal:
            self.refused += 1
            return self._response(request, refusal.response())
        return super().send(request, *rest, **more)


class Asking:
    """Asks for a token of an hour each time that it is asked for one, as the login of a program does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked = 0

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """A token that the client believes in for an hour of the machine's clock."""
        self.asked += 1
        answer = tokens.issue(self._store, {"resource": "https://management.azure.com/", "api-version": "2019-08-01"})
        return AccessToken(answer["access_token"], int(answer["expires_on"]))


@pytest.mark.parametrize(("after", "refused"), [(60, True), (86400, False)])
def test_a_rollout_survives_tokens_that_end(site: Site, after: int, refused: bool) -> None:
    """Each time it asks for another and goes on, and nothing is done twice; a token that lives is asked for once."""
    site.deploy(model())
    site.write(model(script="2"))
    faults.add(site.world.store, "tokensEnd", after=after)
    wire, credential = Guarded(site.world.store), Asking(site.world.store)
    live = LiveScaleSet(Arm(ENDPOINT, f"{ENDPOINT}/.default", credential, Transport(wire)), SET)
    verdict = Rollout(live, Wanted.of(live.model()), Policy(), lambda _: None).run()
    assert (verdict.done, site.fewest(), site.scripts(), wire.count("POST")) == (True, 5, dict.fromkeys("012345", "2"), 6)
    assert (wire.refused > 0, credential.asked) == (refused, wire.refused + 1)


def test_a_token_that_is_always_refused_is_an_error(site: Site) -> None:
    """The call is tried once more, not for ever."""
    site.deploy(model(1))
    faults.add(site.world.store, "tokensEnd", after=-1)
    wire = Guarded(site.world.store)
    live = LiveScaleSet(Arm(ENDPOINT, f"{ENDPOINT}/.default", Asking(site.world.store), Transport(wire)), SET)
    with pytest.raises(Exception, match="ExpiredAuthenticationToken"):
        live.model()
    assert wire.refused == 2
