"""The keys by which a stack makes its image itself, in place of `image`: the arguments of one of the image components."""

from dataclasses import dataclass
from typing import Any

from azure_scaleset.images.build_arguments import BuiltImageArgs
from azure_scaleset.images.built_image import find_built_image_problems
from azure_scaleset.images.captured_image import CapturedImageArgs, find_captured_image_problems
from azure_scaleset.images.gallery_image import GalleryImageArgs, find_gallery_image_problems
from azure_scaleset.shape import fields, read_fields

# What the program itself fills in.
_FILLED_IN = {"resourceGroupName", "location", "tags"}

TYPES: dict[str, type] = {"builtImage": BuiltImageArgs, "capturedImage": CapturedImageArgs, "galleryImage": GalleryImageArgs}
"""Key -> the arguments of its component."""
FIELDS = {
    "builtImage": {name: field for name, field in fields(BuiltImageArgs).items() if name not in _FILLED_IN | {"os"}},
    "capturedImage": {name: field for name, field in fields(CapturedImageArgs).items() if name not in _FILLED_IN},
    "galleryImage": {name: field for name, field in fields(GalleryImageArgs).items() if name not in _FILLED_IN},
}
"""Key -> what may stand in it."""
DESCRIPTIONS = {
    "builtImage": "Optional, in place of `image`. An image that Azure Image Builder makes of a base and of steps: the arguments of the component BuiltImage.",
    "capturedImage": "Optional, in place of `image`. An image of a generalized VM: the arguments of the component CapturedImage.",
    "galleryImage": "Optional, in place of `image`. A version of a gallery image: the arguments of the component GalleryImage.",
}
_PROBLEMS = {
    "builtImage": find_built_image_problems,
    "capturedImage": find_captured_image_problems,
    "galleryImage": find_gallery_image_problems,
}


@dataclass(frozen=True)
class MadeImage:
    """An image that the stack makes."""

    key: str
    """`builtImage`, `capturedImage` or `galleryImage`."""
    arguments: dict[str, Any]
    """Of its component, beside what the program fills in."""


class NotMadeYet:
    """Stands for the id of an image that is made in the same run, where arguments are checked."""


def read(values: dict[str, Any], namespace: str, problems: list[str]) -> dict[str, MadeImage]:
    """The images that the keys describe, by key; what doesn't fit their types is added to *problems*."""
    return {
        key: MadeImage(key, read_fields(values[key], known, f"{namespace}:{key}.", problems))
        for key, known in FIELDS.items()
        if key in values
    }


def choose(found: dict[str, MadeImage], values: dict[str, Any], namespace: str, problems: list[str]) -> MadeImage | None:
    """The one image that the stack makes; None where `image` names one. A stack takes exactly one of these keys."""
    given = [*(["image"] if "image" in values else []), *found]
    if len(given) > 1:
        problems.append(f"{namespace}:{' and '.join(given)} are given. A stack has one image: remove all but one.")
    return next(iter(found.values()), None)


def find_problems(image: MadeImage, location: str, system: Any) -> list[str]:
    """What the component would refuse, after its key."""
    completed: Any = complete(image, system) | {"resource_group_name": "group", "location": location}
    return [f"{image.key}.{problem}" for problem in _PROBLEMS[image.key](completed)]


def complete(image: MadeImage, system: Any) -> dict[str, Any]:
    """The arguments of the component, with the system where it takes one."""
    return {**image.arguments, "os": system} if image.key == "builtImage" else dict(image.arguments)
