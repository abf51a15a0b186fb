"""The stack file of an earlier update."""

from pathlib import Path

import pytest

from azure_scaleset.commands.failure import CommandError
from azure_scaleset.commands.history import Setting
from azure_scaleset.commands.stack_file import place, project_file, rebuilt

TODAY = {
    "encryptionsalt": "v1:salt",
    "config": {"p:word": "b", "p:password": {"secure": "v1:cipher"}, "p:admin": {"name": "x", "pw": {"secure": "v1:inner"}}, "p:new": "1"},
}
VALUES = {
    "p:word": Setting("b"),
    "p:password": Setting("s1", secret=True),
    "p:admin": Setting('{"name":"x","pw":"n1"}', secret=True, object={"name": "x", "pw": "n1"}),
    "p:new": Setting("1"),
}


def test_unchanged_values_keep_their_encrypted_form() -> None:
    """Only what differs is written anew; what was not set then is left out; the encryption of the stack is kept."""
    wanted = {
        "p:word": Setting("a"),
        "p:password": VALUES["p:password"],
        "p:admin": VALUES["p:admin"],
        "p:list": Setting("[1]", object=[1]),
    }
    assert rebuilt(TODAY, VALUES, wanted) == (
        {
            "encryptionsalt": "v1:salt",
            "config": {
                "p:word": "a",
                "p:password": {"secure": "v1:cipher"},
                "p:admin": {"name": "x", "pw": {"secure": "v1:inner"}},
                "p:list": [1],
            },
        },
        {},
    )


def test_another_secret_is_not_written_plain() -> None:
    """It is handed out to be encrypted."""
    document, secrets = rebuilt(TODAY, VALUES, {"p:password": Setting("s0", secret=True)})
    assert (document["config"], secrets) == ({}, {"p:password": "s0"})


def test_another_secret_within_an_object_is_refused() -> None:
    """Which part of it is secret, nobody knows."""
    with pytest.raises(CommandError, match=r"^The setting p:admin was another one then, and a part of it is secret"):
        rebuilt(TODAY, VALUES, {"p:admin": Setting('{"pw":"n0"}', secret=True, object={"pw": "n0"})})


def test_place_of_a_stack_file() -> None:
    """Beside Pulumi.yaml, or in the folder that it names by either key; of a full stack name the last part counts."""
    assert place({}, "dev") == Path("Pulumi.dev.yaml")
    assert place({"stackConfigDir": "stacks"}, "org/p/dev") == Path("stacks/Pulumi.dev.yaml")
    assert place({"config": "old"}, "dev") == Path("old/Pulumi.dev.yaml")
    assert place({"config": {"p:k": {"type": "string"}}}, "dev") == Path("Pulumi.dev.yaml")


def test_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    """What to do is said."""
    with pytest.raises(CommandError, match=r"has no Pulumi\.yaml\. Expected the folder of the stack's program: cd there first\.$"):
        project_file(tmp_path)
