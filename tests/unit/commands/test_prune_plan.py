"""What `scaleset prune` removes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from azure_scaleset.commands.prune import conclusion
from azure_scaleset.commands.prune_find import Stacks, _meant
from azure_scaleset.commands.prune_plan import Item, Kind, decide, mentioned

NOW = datetime(2026, 6, 1, tzinfo=UTC)
COMPUTE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute"
DEFINITION = f"{COMPUTE}/galleries/g/images/d"


def version(name: str, days: int, *, latest: bool = False) -> Item:
    """A version that is so many days old."""
    return Item(Kind.VERSION, f"{DEFINITION}/versions/{name}", DEFINITION, NOW - timedelta(days=days), latest=latest)


ITEMS = [
    version("1.0.0", 90),
    version("1.0.1", 60, latest=True),
    version("1.0.2", 45),
    version("1.0.3", 31, latest=True),
    version("1.0.4", 2),
]


def kept(used: dict[str, str], older_than: int = 30, keep: int = 1) -> dict[str, str | None]:
    """Name -> why it stays."""
    return {each.item.name.rpartition("/")[2]: each.kept for each in decide(ITEMS, used, NOW, timedelta(days=older_than), keep)}


def test_what_is_used_or_young_or_among_the_newest_stays() -> None:
    """Each stays for its own reason; the rest goes. An id is compared in any case."""
    assert kept({ITEMS[1].id.lower(): "used by an instance of scale set web"}, keep=2) == {
        "1.0.4": "one of the 2 newest",
        "1.0.3": "one of the 2 newest",
        "1.0.2": None,
        "1.0.1": "used by an instance of scale set web",
        "1.0.0": None,
    }
    assert kept({}, older_than=50) == {
        "1.0.4": "the newest",
        "1.0.3": "younger than 50 days",
        "1.0.2": "younger than 50 days",
        "1.0.1": None,
        "1.0.0": None,
    }


def test_each_definition_and_container_keeps_its_own_newest() -> None:
    """The newest of one is not counted with those of another."""
    payload = Item(Kind.PAYLOAD, "https://a.blob.core.windows.net/payload/x.tar", "/account/containers/payload", NOW - timedelta(days=400))

    assert [each.kept for each in decide([payload, ITEMS[0]], {}, NOW, timedelta(days=30), 1)] == ["the newest", "the newest"]


def test_a_state_mentions_whole_ids_only() -> None:
    """1.0.1 isn't mentioned by 1.0.10, and JSON in JSON is seen, too."""
    items = [version("1.0.1", 1), version("1.0.10", 1)]

    assert mentioned(items, f'{{"imageId": "{items[1].id.upper()}"}}') == [items[1]]
    assert mentioned(items, f'{{"text": "{{\\"id\\": \\"{items[0].id}\\"}}"}}') == [items[0]]


@pytest.mark.parametrize(
    ("reference", "names"),
    [
        ({"id": f"{DEFINITION}/versions/1.0.1".upper()}, ["1.0.1"]),
        ({"id": DEFINITION, "exactVersion": "1.0.0"}, ["1.0.0"]),
        ({"id": DEFINITION}, ["1.0.1", "1.0.3"]),
        ({"id": f"{DEFINITION}2"}, []),
        ({"publisher": "a", "offer": "b", "sku": "c", "version": "latest"}, []),
    ],
)
def test_what_an_image_reference_means(reference: dict[str, str], names: list[str]) -> None:
    """A version is itself; a definition is the version that a disk has, or the latest one of each region, which the next instance gets."""
    assert [each.id.rpartition("/")[2] for each in _meant(ITEMS, reference)] == names


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    """An exported state."""
    return {"deployment": {"resources": list(resources)}}


CONTAINER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/payload"


def test_a_stack_tells_its_images_and_containers() -> None:
    """Definitions that it made or only uses; how its managed images are named; containers of its blobs; the scale sets of every stack that has blobs there."""
    blob = {"type": "azure-native:storage:Blob", "id": f"{CONTAINER}/blobs/x.tar"}
    stacks = Stacks(
        "web",
        {
            "web": state(
                {"type": "azure-native:compute:GalleryImage", "id": DEFINITION},
                {"type": "azure-scaleset:index:GalleryImage", "outputs": {"imageId": f"{DEFINITION.upper()}/versions/1.0.0"}},
                {"type": "azure-scaleset:index:CapturedImage", "outputs": {"imageId": f"{DEFINITION}-brought/versions/1.0.0"}},
                {"type": "azure-scaleset:index:CapturedImage", "outputs": {"imageId": f"{COMPUTE}/images/web-image-0123abcd"}},
                blob,
            ),
            "other": state(blob, {"type": "azure-native:compute:VirtualMachineScaleSet", "id": "/set"}),
            "third": state({"type": "azure-native:compute:VirtualMachineScaleSet", "id": "/another"}),
        },
    )

    assert stacks.definitions == {DEFINITION, f"{DEFINITION}-brought"}
    assert stacks.managed_images == {f"{COMPUTE}/images/web-image"}
    assert stacks.containers == {CONTAINER}
    assert stacks.scale_sets_reading(CONTAINER) == {"/set"}


def test_every_stack_of_the_backend_is_read() -> None:
    """Those without resources have nothing that could be used; the one that is pruned is found by its short name."""
    listed = '[{"name": "web", "resourceCount": 3}, {"name": "org/p/other", "resourceCount": 1}, {"name": "empty", "resourceCount": 0}]'
    stacks = Stacks.read("other", lambda *_: listed, lambda name: state({"type": name}))

    assert (stacks.stack, sorted(stacks.states)) == ("org/p/other", ["org/p/other", "web"])


@pytest.mark.parametrize(
    ("gone", "whole", "done", "words"),
    [
        (0, 0, False, "There are no images and no payloads of this stack."),
        (0, 3, False, "Nothing to remove."),
        (2, 3, True, "Removed 2 of 3."),
        (2, 3, False, "2 of 3 would be removed. To do it: scaleset prune --stack web --keep 5 --yes"),
    ],
)
def test_the_last_line_says_what_to_do_next(gone: int, whole: int, done: bool, words: str) -> None:
    """With the options that were given."""
    assert conclusion(gone, whole, done, "web", 30, 5) == words
