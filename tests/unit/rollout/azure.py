"""An offline Azure behind azure-core's own pipeline, without a socket; it can break off at any call."""

import io
import json
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
import urllib3
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter

from azure_scaleset.rollout.arm import Arm
from azure_scaleset.rollout.drive import Progress, Rollout
from azure_scaleset.rollout.plan import Wanted
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.scale_set import LiveScaleSet
from azure_scaleset.rollout.verdict import Verdict
from offline.arm import faults
from offline.arm.app import Azure
from offline.arm.compute.serving import serving
from offline.arm.http import Json, Request
from tests.unit.offline.compute.world import SET, World, body, extension, health


class Killed(Exception):
    """The process that drives was killed."""


class _Credential:
    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """A token that nobody looks at."""
        return AccessToken("token", 2**40)


class _Adapter(HTTPAdapter):
    def __init__(self, fleet: "Fleet") -> None:
        super().__init__()
        self._fleet = fleet

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:  # type: ignore[override]
        """Hands the request to the offline Azure."""
        parts = urlsplit(str(request.url))
        content = json.loads(request.body) if request.body else None
        answered = self._fleet.handle(Request(str(request.method), unquote(parts.path), dict(parse_qsl(parts.query)), content))
        response = requests.Response()
        response.status_code = answered.status
        response._content = b"" if answered.body is None else json.dumps(answered.body).encode()
        response.headers.update({"Date": format_datetime(self._fleet.world.store.now(), usegmt=True), "Retry-After": "0.001"})
        response.headers.update({"Content-Type": "application/json", **answered.headers})
        response.headers["Retry-After"] = "0.001"
        response.raw = urllib3.HTTPResponse(body=io.BytesIO(), preload_content=False)
        response.request, response.url = request, str(request.url)
        return response


class Fleet:
    """A scale set with six instances, a health signal, and a script."""

    def __init__(self, folder: Path, mode: str = "Manual", capacity: int = 6, **properties: Any) -> None:
        self.world = World(folder)
        self.body = body(capacity, mode, [extension(forceUpdateTag="1"), health(provisionAfterExtensions=["script"])])
        self.body["properties"].update(properties)
        self.calls = 0
        self.dies_at: int | None = None
        self.said: list[str] = []
        self.write(self.body)
        for _ in range(20):
            self.instances()

    def handle(self, request: Request) -> Any:
        """One call; breaks off before or after it, when the time has come."""
        self.calls += 1
        dies = self.dies_at is not None and self.calls >= self.dies_at
        if dies and self.calls % 2:
            raise Killed
        answered = Azure(self.world.store).handle(request)
        if dies:
            raise Killed
        return answered

    def write(self, new: Json) -> None:
        """Writes the model, as azure-native does."""
        answered = Azure(self.world.store).handle(Request("PUT", SET, {"api-version": "2024-11-01"}, new))
        assert answered.status < 400, answered.body
        for _ in range(300):
            state = Azure(self.world.store).handle(Request("GET", SET, {"api-version": "2024-11-01"})).body
            if state is not None and state["properties"]["provisioningState"] != "Updating":
                return

    def new_script(self, tag: str) -> None:
        """A model whose script is another one."""
        self.body["properties"]["virtualMachineProfile"]["extensionProfile"]["extensions"][0]["properties"]["forceUpdateTag"] = tag
        self.write(self.body)

    def instances(self) -> list[Json]:
        """The instances, with their views."""
        query = {"api-version": "2024-11-01", "$expand": "instanceView"}
        answered = Azure(self.world.store).handle(Request("GET", f"{SET}/virtualMachines", query))
        return list((answered.body or {})["value"])

    def fault(self, kind: str, **fields: Any) -> None:
        """Orders a fault."""
        with self.world.store.transaction():
            faults.add(self.world.store, kind, **fields)

    def roll_out(self, policy: Policy | None = None, wanted: Wanted | None = None) -> Verdict:
        """One run of a rollout, as a process of its own."""
        session = requests.Session()
        session.mount("https://", _Adapter(self))
        transport = RequestsTransport(session=session, session_owner=False)
        arm = Arm("https://localhost", "https://localhost/.default", _Credential(), transport)
        live = LiveScaleSet(arm, SET)
        return Rollout(live, wanted or Wanted(), policy or Policy(), self._hear).run()

    def _hear(self, progress: Progress) -> None:
        self.said.append(progress.message)

    def tags(self) -> list[str]:
        """What each instance ran last, by number."""
        runs = [event for event in self.world.store.events("extensionRun") if event["data"]["extension"] == "script"]
        last = {int(event["subject"].rsplit("/", 1)[-1]): event["data"]["forceUpdateTag"] for event in runs}
        return [last[number] for number in sorted(last)]

    def served(self) -> list[int]:
        """How many instances served, after each change of that."""
        return [count for _, count in serving(self.world.store.events("serving"), SET)]
