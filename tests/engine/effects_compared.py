"""Whether what a preview said of a scale set is what happened."""

from collections import Counter
from collections.abc import Sequence

from tests.engine.effects_happened import Fate, Happened
from tests.engine.effects_printed import Printed

_FATES = {fate.value: fate for fate in Fate}
_NOT_KNOWN = "not known"


def foretold(printed: Sequence[Printed], running: int) -> dict[Fate, int]:
    """What *printed* says becomes of *running* instances: those that are deleted, and of the others what the worst of the effects does."""
    deleted = sum(each.deleted for each in printed)
    worst = max((_FATES[each.kind] for each in printed if each.affected), key=list(Fate).index, default=Fate.UNTOUCHED)
    return dict(+Counter({Fate.DELETED: deleted, worst: running - deleted}))


def disagreements(printed: Sequence[Printed], happened: Happened, running: int) -> list[str]:
    """What was said and didn't happen, and what happened and wasn't said."""
    reaching = [each for each in printed if each.affected]
    limits = [each.at_once for each in reaching if each.at_once is not None]
    least = max((each.batches for each in reaching), default=0)
    not_known = any(each.kind == _NOT_KNOWN for each in printed)
    pairs = {
        "fates": (happened.fates if not_known else foretold(printed, running), happened.fates),
        "made": (sum(each.made for each in printed), happened.made),
        "ran": (_runs(printed), {} if Fate.REIMAGED in happened.fates else happened.ran),
        "numbers": (_numbers(printed, running), []),
    }
    found = [f"{what}: said {said}, happened {did}" for what, (said, did) in pairs.items() if said != did]
    if limits and happened.at_once > max(limits):
        found.append(f"said at most {max(limits)} at a time, happened {happened.at_once}")
    if any("all at once" in each.words for each in reaching) and happened.at_once != running:
        found.append(f"said all at once, happened {happened.at_once}")
    if happened.batches < least:
        found.append(f"said at least {least} batches, happened {happened.batches}")
    return found


def _runs(printed: Sequence[Printed]) -> dict[str, int]:
    return {each.runs: each.affected for each in printed if each.runs and each.affected}


def _numbers(printed: Sequence[Printed], running: int) -> list[str]:
    """Numbers of instances that are not those that run."""
    remaining = running - sum(each.deleted for each in printed)
    return [each.words for each in printed for number in (each.affected or None, each.staying) if number not in (None, remaining, running)]
