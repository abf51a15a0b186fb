"""The arguments of a resolved image, and the version that `hold` keeps."""

from typing import Any

import pytest

from azure_scaleset.images.reference import parse
from azure_scaleset.images.resolve import find_problems, version_of

DEFINITION = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d"


@pytest.mark.parametrize(
    ("image", "version", "located", "words"),
    [
        ("Ubuntu2204", {"resolve_latest": True, "constraint": "22.04.*", "hold": True}, True, []),
        ("Ubuntu2204", {"resolve_latest": False}, False, []),
        (
            "Ubuntu2204",
            {"resolve_latest": False, "hold": True},
            True,
            ["imageVersion.hold is given, but imageVersion.resolveLatest is false"],
        ),
        ("Ubuntu2204", {"resolve_latest": True, "constraint": "22"}, True, ["imageVersion.constraint is '22'. Expected"]),
        ("Ubuntu2204", {"resolve_latest": True}, False, ["imageVersion.resolveLatest is true, and location is missing"]),
        ("a:b:c:1.2.3", {"resolve_latest": True}, True, ["image is 'a:b:c:1.2.3', which has no newer versions"]),
    ],
)
def test_what_does_not_go_together_is_told(image: str, version: Any, located: bool, words: list[str]) -> None:
    """A fixed version, a constraint without resolving, no region: each is a problem that names the argument."""
    problems = find_problems(image, version, located)

    assert len(problems) == len(words)
    assert all(word in problem for word, problem in zip(words, problems, strict=True))


@pytest.mark.parametrize(
    ("image", "present", "version"),
    [
        ("A:b:c:latest", {"publisher": "a", "offer": "B", "sku": "c", "version": "1.2.3"}, "1.2.3"),
        ("a:b:c:latest", {"publisher": "a", "offer": "b", "sku": "c", "version": "latest", "exactVersion": "1.2.4"}, "1.2.4"),
        ("a:b:c:latest", {"publisher": "a", "offer": "b", "sku": "c", "version": "latest"}, None),
        ("a:b:c:latest", {"publisher": "a", "offer": "b", "sku": "other", "version": "1.2.3"}, None),
        (DEFINITION, {"id": f"{DEFINITION.upper()}/VERSIONS/1.0.0"}, "1.0.0"),
        (DEFINITION, {"id": DEFINITION, "exactVersion": "1.0.1"}, "1.0.1"),
        (DEFINITION, {"id": f"{DEFINITION}2/versions/1.0.0"}, None),
        (DEFINITION, {}, None),
    ],
)
def test_the_version_that_a_set_has(image: str, present: dict[str, str], version: str | None) -> None:
    """It is kept only when it is of the same image."""
    assert version_of(parse(image), present) == version
