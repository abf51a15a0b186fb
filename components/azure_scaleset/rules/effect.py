"""What a change of a scale set's inputs does to the instances that run."""

import enum
from dataclasses import dataclass


class EffectKind(enum.StrEnum):
    """How hard a change hits the running instances; members compare by that, not by their text."""

    NOTHING = "nothing"
    """The set as a whole changes; the instances don't."""
    NEW_INSTANCES = "new instances"
    """Only instances that are made, or reimaged, later get it."""
    IN_PLACE = "updated in place"
    """Running instances are brought to the new model and stay up."""
    NOT_KNOWN = "not known"
    """A value that is known only during the update decides it."""
    RESTART = "restarted"
    """Running instances restart."""
    REIMAGE = "reimaged"
    """Running instances get a new OS disk, or are replaced by new ones: what is on the old OS disk is lost."""
    DELETE = "deleted"
    """Running instances are deleted."""
    REPLACE = "replaced"
    """Azure refuses the change; a new scale set takes the place of this one, which the caller allowed."""
    REFUSED = "refused"
    """Azure refuses the change."""

    @property
    def severity(self) -> int:
        """Place in the order, 0 for `NOTHING`."""
        return list(EffectKind).index(self)

    def __lt__(self, other: str) -> bool:
        """Whether this is milder than *other*, a member too."""
        return self.severity < EffectKind(other).severity

    def __le__(self, other: str) -> bool:
        """Whether this is no worse than *other*, a member too."""
        return self.severity <= EffectKind(other).severity

    def __gt__(self, other: str) -> bool:
        """Whether this is worse than *other*, a member too."""
        return self.severity > EffectKind(other).severity

    def __ge__(self, other: str) -> bool:
        """Whether this is no milder than *other*, a member too."""
        return self.severity >= EffectKind(other).severity


@dataclass(frozen=True)
class Driven:
    """The update brings the running instances to the model itself, where Azure doesn't: in mode Manual, and by reimaging."""

    at_a_time: int
    """So many instances are changed at a time."""
    reimages: frozenset[str] = frozenset()
    """Properties for which it reimages, as in the table of effects."""


@dataclass(frozen=True)
class Reach:
    """How the instances get a new model."""

    mode: str | None
    """`Manual`, `Rolling` or `Automatic`; None where the inputs don't say, or don't know."""
    instances: int | None
    """Instances that run when the update begins, and are not deleted by it; None where nobody knows."""
    batches: int | None = None
    """Rolling: the fewest batches that do it. Azure may make more of them. None in the other modes, or where `instances` is."""
    batch_size: int | None = None
    """Rolling: the most instances that a batch takes."""
    driven: bool = False
    """The update itself brings them, `batch_size` at a time."""


@dataclass(frozen=True)
class Effect:
    """What one changed property does."""

    path: str
    """Property of azure-native's inputs; an item of a list is named by what identifies it: `virtualMachineProfile.extensionProfile.extensions[install]`."""
    kind: EffectKind
    """The worst that happens."""
    message: str
    """One line: the property, what changed, what happens to how many running instances and when."""
    rule: str
    """Id of the fact it rests on: `M7`; empty where no source says anything."""
    old: str
    """The value before, shortened; "…" if sensitive, "absent" if there is none."""
    new: str
    """The value after, likewise."""
    reach: Reach
    """How the instances get the new model."""
    sure: bool = True
    """False where sources are silent or disagree, or where Azure's own value is not in the inputs: a caller warns then, and doesn't refuse."""
