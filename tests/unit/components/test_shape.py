"""Reading plain data as argument types."""

import enum
from typing import Any, NotRequired, TypedDict

import pulumi

from azure_scaleset.shape import fields, normalise, one_of, read, read_fields


class Color(enum.StrEnum):
    RED = "Red"
    BLUE = "Blue"


@one_of("left", "right")
class Choice(TypedDict):
    left: NotRequired[pulumi.Input[str]]
    right: NotRequired[dict[str, Any]]


class Example(TypedDict):
    color: Color
    max_count: NotRequired[int]
    choices: NotRequired[list[Choice]]
    flag: NotRequired[bool]


def test_camel_case_names_become_python_names() -> None:
    """A stack file's camelCase keys and a Python caller's snake_case keys are the same arguments."""
    problems: list[str] = []

    result = [
        read({"color": "red", "maxCount": "4"}, Example, "", problems),
        read({"color": Color.RED, "max_count": 4.0}, Example, "", problems),
    ]

    assert (result, problems) == ([{"color": Color.RED, "max_count": 4}] * 2, [])


def test_all_problems_at_once_with_their_paths() -> None:
    """Every deviation is reported, each with its path, what was given and what is expected."""
    problems: list[str] = []

    read({"colour": "Red", "maxCount": "many", "choices": [{}, {"left": "a", "right": {}}, 3], "flag": "perhaps"}, Example, "", problems)

    assert problems == [
        "colour is not known. Did you mean 'color'?",
        "maxCount is 'many'. Expected a whole number.",
        "choices[0] takes exactly one of left, right: none is given.",
        "choices[1] takes exactly one of left, right: left and right are given.",
        "choices[2] is 3. Expected an object with left, right.",
        "flag is 'perhaps'. Expected true or false.",
    ]


def test_an_output_is_refused_where_the_plan_depends_on_it() -> None:
    """An output for a plain argument is a problem; for an input it passes."""
    problems: list[str] = []
    text = pulumi.Output.from_input("a")

    result = read({"color": Color.RED, "maxCount": pulumi.Output.from_input(3), "choices": [{"left": text}]}, Example, "", problems)

    assert problems == [
        "maxCount is an output, known only after the deployment. Expected a plain value (a whole number), because it decides what is deployed."
    ]
    assert result["choices"] == [{"left": text}]


def test_an_object_is_not_shown_in_a_message() -> None:
    """A value that may hold secrets is named by its kind only."""
    problems: list[str] = []

    read({"color": {"password": "hunter2"}}, Example, "", problems)

    assert problems == ["color is an object. Expected one of Red, Blue."]


def test_integral_floats_become_integers() -> None:
    """3.0, as the plugin protocol brings it, is 3 at every depth; other values stay."""
    assert normalise({"a": [3.0, 2.5, True, "x"]}) == {"a": [3, 2.5, True, "x"]}


def test_a_prefix_names_the_configuration_key() -> None:
    """With the namespace as prefix a problem names the key of the stack file."""
    problems: list[str] = []

    read_fields({"choices": [{"left": {}}]}, fields(Example), "azure-scaleset:", problems)

    assert problems == [
        "azure-scaleset:choices[0].left is an object. Expected text.",
        "azure-scaleset:color is missing. Expected one of Red, Blue.",
    ]
