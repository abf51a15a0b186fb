"""Effects of anything at all: no crash, no secret, one line."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_scaleset.rules.effect_table import TABLE
from azure_scaleset.rules.effects import effects
from azure_scaleset.rules.effects_text import markdown, summary
from azure_scaleset.rules.value import UNKNOWN
from tests.unit.rules.test_effects import EXTENSIONS, MODEL, PROFILE, changed

NAMES = sorted(
    {part for row in TABLE for part in row.path.replace("[]", "").split(".")} | {"name", "lun", "id", "enabled", "settings", "x\ny"}
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.just(UNKNOWN)
    | st.sampled_from(["Rolling", "Manual", "/a/b/c"])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4), max_leaves=12
)


def _paths(value: Any, path: str = "") -> list[str]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in (f"{path}{key}", *_paths(item, f"{path}{key}."))]


MODEL_PATHS = _paths(MODEL)


@settings(max_examples=300, deadline=None)
@given(JSON, JSON, st.none() | st.integers(-1, 2000))
def test_any_json_at_all(old: Any, new: Any, instances: int | None) -> None:
    """Whatever the inputs are, there is an answer, and its text is one line an effect."""
    found = effects(old, new, instances=instances)
    assert all("\n" not in effect.message for effect in found)
    assert [effect.kind.severity for effect in found] == sorted((effect.kind.severity for effect in found), reverse=True)
    assert len(summary(found).splitlines()) <= 12
    markdown({"any": found})


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(MODEL_PATHS), JSON, max_size=3), st.booleans())
def test_any_json_anywhere_in_a_model(changes: dict[str, Any], backwards: bool) -> None:
    """A valid model with anything in place of some parts is compared in both directions."""
    other = json.loads(json.dumps(MODEL))
    for path, value in sorted(changes.items(), key=lambda item: -len(item[0])):
        other = changed({path: value}, other)
    found = effects(other, MODEL) if backwards else effects(MODEL, other)
    assert {effect.path.split(".")[0].split("[")[0] for effect in found} <= {path.split(".")[0] for path in changes} | {
        "sku",
        "virtualMachineProfile",
    }


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_no_change_of_anything(value: Any) -> None:
    """Equal inputs in which all is known have no effect."""
    if "UNKNOWN" not in repr(value):
        assert effects(value, value) == []


SECRETS = ("hush-hush", "aHVza")


@pytest.mark.parametrize("mode", ["Manual", "Rolling", "Automatic"])
@pytest.mark.parametrize("path", ["", *MODEL_PATHS])
def test_no_secret_is_told(path: str, mode: str) -> None:
    """Whatever is changed, added or removed, no message, value or table holds a secret."""
    for new in (
        changed({path: None}),
        changed({path: "other"}),
        {} if path == "" else changed({path: {"b": "hush-hush"} if "ettings" in path else None}),
    ):
        for found in (effects(MODEL, new), effects(new, MODEL), effects(MODEL, {**new, "upgradePolicy": {"mode": mode}})):
            told = repr(found) + summary(found) + markdown({"web": found})
            assert not [secret for secret in SECRETS if secret in told]


def test_a_misplaced_password_is_not_told() -> None:
    """A secret under a wrong parent stays hidden by its name."""
    assert "hush" not in repr(effects(MODEL, changed({f"{PROFILE}.adminPassword": "hush", "password": "hush"})))


def test_the_caller_hides_more() -> None:
    """What a caller knows to be secret is not shown, wherever in lists it stands."""
    new = changed({"tags.env": "hush", f"{EXTENSIONS}.0.forceUpdateTag": "hush"})
    assert "hush" in repr(effects(MODEL, new))
    found = effects(MODEL, new, sensitive={"tags", f"{EXTENSIONS}[].forceUpdateTag"})
    assert "hush" not in repr(found)
    assert [effect.message.partition(":")[0] for effect in found] == [f"{EXTENSIONS}[install] (forceUpdateTag)", "tags changed"]
