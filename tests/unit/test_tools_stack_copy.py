"""Stacks made ready for the offline Azure, and the demo's hints."""

from pathlib import Path

import pytest

from tools import demo, stack_copy
from tools.errors import SetupError


def test_unknown_stack_names_the_known_ones(tmp_path: Path) -> None:
    """A stack that does not exist is refused before anything is made."""
    with pytest.raises(SetupError) as error:
        stack_copy.make(tmp_path, "linux-clouds")

    assert str(error.value) == f"There is no stack 'linux-clouds' in stacks/. There are: {', '.join(stack_copy.names())}."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spelling", ["Linux", "linux", "LINUX"])
def test_operating_system_is_read_from_the_stack(spelling: str, tmp_path: Path) -> None:
    """The system is found however its name is written."""
    file = tmp_path / "Pulumi.a.yaml"
    file.write_text(f"config:\n  azure-scaleset:os: {spelling}\n")

    assert stack_copy.operating_system(file) == "Linux"


def test_credentials_are_fresh_and_well_formed() -> None:
    """Each stack gets a key and a password of its own; the password has the kinds of characters that Azure asks for."""
    keys, passwords = ([make() for _ in range(2)] for make in (stack_copy.ssh_public_key, stack_copy.password))

    assert all(key.startswith("ssh-ed25519 AAAA") for key in keys)
    assert all(len(word) >= 12 and {"A", "a", "1", "-"} <= set(word) for word in passwords)
    assert len(set(keys)) == len(set(passwords)) == 2


def test_hint_names_a_file_of_the_application() -> None:
    """What the demo suggests to edit is the first file under apps/ that the stack names, however deep."""
    config: dict[str, object] = {
        "azure-scaleset:image": "Ubuntu2204",
        "azure-scaleset:extensions": [{"customScript": {"files": ["apps/a/install.sh", "apps/a/b"]}}],
    }

    assert (demo.source_of(config), demo.source_of({"azure-scaleset:capacity": 3})) == ("apps/a/install.sh", None)
