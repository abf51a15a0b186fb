"""`effects`: what a change of a scale set's inputs does to the instances that run."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from azure_scaleset.rules.effect import Driven, Effect, EffectKind, Reach
from azure_scaleset.rules.effects_capacity import CAPACITY, capacity_case, capacity_words
from azure_scaleset.rules.effects_cases import case_of
from azure_scaleset.rules.effects_details import detail
from azure_scaleset.rules.effects_difference import ROWS, Change, changes
from azure_scaleset.rules.effects_properties import CHOSEN_BY_AZURE, default
from azure_scaleset.rules.effects_row import Case, Row
from azure_scaleset.rules.effects_shown import HIDDEN, change_shown, one_line, value_shown
from azure_scaleset.rules.effects_when import each, each_in_batches, reach, reach_by_policy, reach_by_update, running, the_running
from azure_scaleset.rules.facts import OS_DISK, capacity, flexible, windows
from azure_scaleset.rules.rolling import os_upgrade_policy, rolling_policy
from azure_scaleset.rules.value import UNKNOWN, get

K = EffectKind
_MODEL = frozenset({K.IN_PLACE, K.RESTART, K.REIMAGE})
_SYSTEM = f"{OS_DISK}.osType"
_SURGE = "is replaced by a new one, which is made first (maxSurge)"
_WAY_OUT = "allow a replacement with replaceWhenImmutable: true, or deploy a second set"
_CHOSEN = "left out on one side: if Azure has that value already, nothing changes"


def effects(
    old: Any,
    new: Any,
    *,
    instances: int | None = None,
    replace_when_immutable: bool = False,
    sensitive: Collection[str] = (),
    driven: Driven | None = None,
) -> list[Effect]:
    """What the update of a scale set from inputs *old* to *new* does, worst first.

    *old* and *new* are azure-native's inputs of `VirtualMachineScaleSet`, with `UNKNOWN` for what isn't known yet; *old* None is a creation, which has no
    effects. *instances*: how many run, if somebody looked; else the old capacity counts. *replace_when_immutable*: whether the caller replaces a set that
    Azure refuses to change. *sensitive*: further properties, `[]` for items, whose values (and those of all below) are not to be shown.
    *driven*: the update brings the instances to the model itself.
    """
    if old is UNKNOWN or new is UNKNOWN:
        return [_not_known("", Reach(None, instances))]
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return []
    return _Update(old, new, instances, replace_when_immutable, frozenset(sensitive), driven).effects()


class _Update:
    """One update."""

    def __init__(
        self,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        instances: int | None,
        replaces: bool,
        sensitive: frozenset[str],
        driven: Driven | None,
    ) -> None:
        self.old, self.new, self.instances, self.replaces, self.sensitive = old, new, instances, replaces, sensitive
        self.driven = driven
        self.flexible = flexible(new) is True
        self.reach = reach(old, new, instances)
        if driven is not None and self.reach.mode == "Manual":
            self.reach = reach_by_update(self.reach, driven)
        self.surge = self.reach.mode == "Rolling" and rolling_policy(new).surge
        self.reimages = False

    def effects(self) -> list[Effect]:
        """All of them, worst first."""
        found = [change for change in changes(self.old, self.new) if change.path != CAPACITY]
        known = [(change, self.row(change)) for change in found if not change.unknown]
        known += self.other_system(known)
        rolls_anew = self.surge and any(row.kind in _MODEL for _, row in known)
        self.reimages = rolls_anew or any(row.kind is K.REIMAGE and row.case is not Case.ENABLED for _, row in known)
        result = [self.effect(change, row) for change, row in known]
        result += [_not_known(change.path, self.reach) for change in found if change.unknown]
        result += self.capacity()
        return sorted(result, key=lambda effect: (-effect.kind.severity, effect.path))

    def row(self, change: Change) -> Row:
        """The row of the table that *change* falls under."""
        row = change.rows[case_of(change, self.old, self.new)]
        if self.driven is not None and change.pattern in self.driven.reimages and row.kind is K.NEW_INSTANCES and not self.flexible:
            return replace(row, kind=K.REIMAGE, note="is reimaged")
        return row

    def other_system(self, known: list[tuple[Change, Row]]) -> list[tuple[Change, Row]]:
        """The change of the operating system, where it shows only in which configuration there is."""
        before, after = windows(self.old), windows(self.new)
        if before is None or after is None or before is after or any(change.path == _SYSTEM for change, _ in known):
            return []
        names = {False: "Linux", True: "Windows"}
        return [(Change(_SYSTEM, _SYSTEM, names[before], names[after], ROWS[_SYSTEM]), ROWS[_SYSTEM][Case.OPERATING_SYSTEM])]

    def effect(self, change: Change, row: Row) -> Effect:
        """The effect of *change* by *row*."""
        how = self.reach_of(row)
        kind = max(row.kind, K.REIMAGE) if self.surge and row.kind in _MODEL and row.case is not Case.ENABLED else row.kind
        doubt = row.doubt or (_CHOSEN if row.kind is K.REFUSED and self.chosen(change) else "")
        if kind is K.REFUSED and self.replaces and row.replaceable and not doubt:
            kind = K.REPLACE
        consequence = self.refusal(row, kind, doubt) if row.kind is K.REFUSED else self.consequence(row, how)
        words = f"{consequence}{detail(change, row, self.old, self.new, how)}"
        told = change_shown(change, self.old, self.new, self.sensitive)
        return Effect(
            path=change.path,
            kind=kind,
            message=one_line(f"{change.path} {told}: {words}{f' ({doubt})' if doubt else ''}."),
            rule=row.rule,
            old=value_shown(change.old, change.pattern, self.old, self.sensitive),
            new=value_shown(change.new, change.pattern, self.new, self.sensitive),
            reach=how,
            sure=not doubt,
        )

    def reach_of(self, row: Row) -> Reach:
        """How *row* reaches the instances: some upgrades go by the rolling policy whatever the mode (T26)."""
        if row.case is Case.ENABLED:
            return reach_by_policy(self.old, self.reach.instances, os_upgrade_policy(self.new), self.reach.mode)
        if self.driven is not None and row.path in self.driven.reimages and row.kind is K.REIMAGE:
            return reach_by_update(self.reach, self.driven)
        return self.reach

    def refusal(self, row: Row, kind: EffectKind, doubt: str) -> str:
        """What Azure refuses, and the ways out, or what the caller does instead."""
        if kind is K.REPLACE:
            return f"Azure refuses it on a set that exists: a new set {self.of_how_many()}is made, then this one is deleted"
        ways = ", or ".join(way for way in (row.mend or "put it back", _WAY_OUT if row.replaceable else "") if way)
        return f"Azure {'may refuse' if doubt else 'refuses'} it on a set that exists; {row.note + '; ' if row.note else ''}{ways}"

    def consequence(self, row: Row, how: Reach) -> str:
        """What happens to how many instances, and when."""
        if row.case is Case.ENABLED:
            return each_in_batches(how, row.note)
        if row.kind in _MODEL:
            return each(how, _SURGE if self.surge else row.note)
        if row.kind is K.NEW_INSTANCES:
            return self.new_instances(row, how)
        return row.note

    def new_instances(self, row: Row, how: Reach) -> str:
        """The consequence of a row that reaches new instances only."""
        if how.instances == 0:
            return f"{row.note}; it hits no running instance"
        if not row.on_reimage:
            return f"{row.note}; {the_running(how.instances)} stay{'s' if how.instances == 1 else ''} as {'it is' if how.instances == 1 else 'they are'}"
        if self.flexible:
            return self.never(row, how)
        if self.reimages:
            return f"{row.note}, {the_running(how.instances)} with the new OS disk that this update brings"
        it = "it is" if how.instances == 1 else "they are"
        return f"{row.note}; {the_running(how.instances)} keep{'s' if how.instances == 1 else ''} the old until {it} reimaged"

    def never(self, row: Row, how: Reach) -> str:
        """The consequence for instances of a Flexible set, which are virtual machines: Azure gives them nothing else of this than they were made with."""
        one = how.instances == 1
        stops = self.driven is not None and row.path in self.driven.reimages
        what = f", and this update stops at {'it' if one else 'them'} unless `rollout.reimage: never`" if stops else ""
        them = "it" if one else "them"
        return f"new instances get it; {the_running(how.instances)} never {'does' if one else 'do'}{what}: delete {them} and scale out to replace {them}"

    def chosen(self, change: Change) -> bool:
        """Whether a side leaves the property out, and nobody can tell from the inputs what Azure has there."""
        sides = ((change.old, self.old), (change.new, self.new))
        return change.pattern in CHOSEN_BY_AZURE and any(
            value is None and default(change.pattern, inputs) is None for value, inputs in sides
        )

    def of_how_many(self) -> str:
        """How large a new set in place of this one is."""
        count = capacity(self.new)
        return "" if count is None else "of 1 instance " if count == 1 else f"of {count} instances "

    def capacity(self) -> list[Effect]:
        """The effect of the number of instances: against those that run, not against what the last update wrote."""
        wanted = get(self.new, CAPACITY)
        count = running(self.old, self.instances)
        case = capacity_case(self.old, self.new, count)
        if case is None:
            return []
        if case is Case.ANY:
            return [_not_known(CAPACITY, self.reach)]
        row = ROWS[CAPACITY][case]
        words = capacity_words(case, self.old, self.new, count, row.note)
        before = value_shown(count, CAPACITY, self.old)
        return [Effect(CAPACITY, row.kind, one_line(f"{words}."), row.rule, before, value_shown(wanted, CAPACITY, self.new), self.reach)]


def _not_known(path: str, how: Reach) -> Effect:
    words = f"{path or 'The whole input'} is not known before the update: what it does to the instances shows only then."
    return Effect(path, K.NOT_KNOWN, one_line(words), "", HIDDEN, "not known yet", how, sure=False)
