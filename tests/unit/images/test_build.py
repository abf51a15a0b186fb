"""What a preview says of a build."""

from typing import Any, cast

import pytest

from azure_scaleset.images.build import foreseen
from azure_scaleset.rollout.arm import Arm, ArmError
from azure_scaleset.rules.value import UNKNOWN

VERSION = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d/versions/1.0.0"


class Empty:
    """An Azure without the version."""

    def get(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Nothing."""
        raise ArmError(404, "ResourceNotFound", "nothing")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("/templates/web-1", "d/1.0.0 will be built by web-1 of a:b:c:1.0.0"),
        (UNKNOWN, "d/1.0.0 will be built of a:b:c:1.0.0"),
    ],
)
def test_what_is_not_known_yet_is_left_out(template: object, expected: str) -> None:
    """The number of the version may be known before the template's name is."""
    assert foreseen(cast(Arm, Empty()), {"id": VERSION, "body": {}, "template": template, "base": "a:b:c:1.0.0"}) == expected
