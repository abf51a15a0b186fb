"""The commands that look at the offline Azure."""

from pathlib import Path

import pytest

from offline import workspace
from offline.__main__ import main
from offline.arm.store import Store

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g"
BLOB = "https://account.blob.core.windows.net/payload/digest.tar"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An Azure of its own for each test, with a resource group and a blob."""
    monkeypatch.setenv("OFFLINE_HOME", str(tmp_path))
    store = Store(workspace.azure_file(tmp_path))
    store.put(GROUP, "Microsoft.Resources/resourceGroups", {"id": GROUP})
    store.put_blob(BLOB, b"content", {})
    store.close()
    return tmp_path


def test_resources_and_blobs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Ids, then URLs, one a line."""
    assert (main(["list"]), capsys.readouterr().out.splitlines()) == (0, [GROUP, BLOB])


@pytest.mark.parametrize("words", ["/bad", "bad", "/subscriptionsbad/x"])
def test_what_is_no_id_is_echoed(capsys: pytest.CaptureFixture[str], words: str) -> None:
    """The refusal repeats what was given, and says what an id looks like."""
    assert (main(["show", words]), capsys.readouterr().err) == (
        2,
        f"show: '{words}' is no id. An id looks like /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Compute/virtualMachineScaleSets/<name>; "
        "`python -m offline list` prints those there are.\n",
    )
