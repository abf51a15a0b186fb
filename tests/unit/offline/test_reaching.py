"""`python -m offline reach`."""

from pathlib import Path

import pytest

from offline import workspace
from offline.__main__ import main
from offline.arm.store import Store

BALANCER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/loadBalancers/lb"
FRONT = f"{BALANCER}/frontendIPConfigurations/front"
INSTANCE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web/virtualMachines/0"
POOL = f"{BALANCER}/backendAddressPools/pool".lower()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An Azure in which an instance began to serve, and was deleted a minute later."""
    monkeypatch.setenv("OFFLINE_HOME", str(tmp_path))
    store = Store(workspace.azure_file(tmp_path))
    rule = {"name": "http", "port": 80, "protocol": "Tcp", "pools": [POOL], "probed": True, "idleTimeoutInMinutes": 4}
    store.log("routing", BALANCER, rules=[{**rule, "frontend": FRONT.lower()}])
    store.log("pools", INSTANCE, pools=[POOL])
    store.log("serving", INSTANCE, serving=True)
    store.advance(60)
    store.log("workBegan", INSTANCE, work="delete")
    store.log("serving", INSTANCE, serving=False)
    store.close()
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    """Exit code, and the lines of both streams."""
    code = main(["reach", *words])
    told = capsys.readouterr()
    return code, (told.out + told.err).splitlines()


def test_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """Whom a request reaches at this moment, or at another one; ids in any case."""
    assert [printed(capsys, FRONT), printed(capsys, FRONT.upper(), "--at", "2026-01-01T00:00:30")] == [
        (0, ["2026-01-01T00:01:00+00:00  http:80  nobody"]),
        (0, ["2026-01-01T00:00:30+00:00  http:80  web/0"]),
    ]


def test_the_whole_story(capsys: pytest.CaptureFixture[str]) -> None:
    """Each change, then what the flows had."""
    assert printed(capsys, FRONT, "--log") == (
        0,
        [
            "2026-01-01T00:00:00+00:00  http:80  web/0",
            "2026-01-01T00:01:00+00:00  http:80  nobody",
            "web/0: reached from 2026-01-01T00:00:00+00:00 until 2026-01-01T00:01:00+00:00; "
            "flows cut at 2026-01-01T00:01:00+00:00, 0 s after the last new one",
        ],
    )


def test_a_port_without_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """A request finds nothing there."""
    assert printed(capsys, FRONT, "--port", "443") == (0, ["2026-01-01T00:01:00+00:00  no rule"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nobody",), "reach: no rule listens on 'nobody'. Front ends with rules:"),
        ((FRONT, "--at", "noon"), "reach: --at is 'noon'. Expected a time in ISO 8601, as 2026-01-01T00:01:00+00:00"),
        ((FRONT, "--at", "2026-01-01", "--log"), "reach: --at and --log were given. Expected one of them."),
    ],
)
def test_words_that_make_no_sense(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str) -> None:
    """They are repeated, with what is expected."""
    code, lines = printed(capsys, *words)
    assert (code, lines[0]) == (2, message)
