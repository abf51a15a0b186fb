"""What a preview says that a change does to the instances is what the change does to them."""

from collections.abc import Callable, Sequence

from azure_scaleset.model import merge
from offline.arm.http import Json
from tests.engine import effects_happened, effects_printed
from tests.engine.effects_changes import GUARDED, GUARDED_CHANGES, PLAIN, PLAIN_CHANGES, SECRETS, Change
from tests.engine.effects_compared import disagreements
from tests.engine.project import Project
from tests.engine.several_sets import SeveralSets

Story = dict[str, tuple[list[tuple[str, str]], list[str]]]
"""Set and change -> kind and property of each effect that the preview told, and in what it was wrong."""


def expected(rounds: Sequence[dict[str, Change]]) -> Story:
    """All effects as they stand in the table, and no disagreement."""
    return {f"{name}: {change.what}": (change.effects, []) for each in rounds for name, change in each.items()}


def live(several: SeveralSets, sets: Json, rounds: Sequence[dict[str, Change]]) -> Story:
    """Deploys *sets* and carries the changes out, one round after the other."""
    project = several.project
    (project.folder / "install.sh").write_text("#!/bin/sh\necho one\n")
    several.write(sets)
    several.up()
    story: Story = {}
    for changes in rounds:
        for name, change in changes.items():
            sets = {**sets, name: merge(sets[name], change.args)}
            for file, text in change.files.items():
                (project.folder / file).write_text(text)
        several.write(sets)
        before = {name: several.instances(name) for name in changes}
        told = several.preview()
        start = len(project.events())
        several.up()
        events = project.events()[start:]
        for name, change in changes.items():
            printed = effects_printed.read(told.get(name, ""))
            happened = effects_happened.read(events, several.scale_set_id(name), before[name])
            wrong = disagreements(printed, happened, len(before[name]))
            story[f"{name}: {change.what}"] = ([(each.kind, each.path) for each in printed], wrong)
    return story


def test_what_is_told_of_sets_in_modes_manual_and_automatic_happens(make_project: Callable[[str], Project]) -> None:
    """Twenty-one changes of sets that `up` brings to the model, leaves alone, or that Azure brings at once: kinds, numbers and order are those of the preview."""
    several = SeveralSets.make(make_project("linux-script"))

    assert live(several, PLAIN, PLAIN_CHANGES) == expected(PLAIN_CHANGES)


def test_what_is_told_of_rolling_sets_happens_and_nothing_secret_is_told(make_project: Callable[[str], Project]) -> None:
    """Ten changes of sets that Azure upgrades in batches, one with a password, protected settings and a secret command, none of which is printed."""
    several = SeveralSets.make(make_project("linux-script"))
    for name, value in SECRETS.items():
        several.secret(name, value)

    assert live(several, GUARDED, GUARDED_CHANGES) == expected(GUARDED_CHANGES)
    assert [text for text in several.said if "hunter2" in text] == []
