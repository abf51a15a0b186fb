"""Effects as text."""

from azure_scaleset.rules.effect import Driven
from azure_scaleset.rules.effects import effects
from azure_scaleset.rules.effects_text import markdown, summary
from tests.unit.rules.test_effects import EXTENSIONS, IMAGE, INTERFACES, MODEL, PROFILE, changed


def test_summary_of_no_effects() -> None:
    """No change says so, and what it doesn't say."""
    assert (
        summary([]) == "No property of the scale set changes. Instances that an interrupted update left on an older model don't show here."
    )


def test_summary() -> None:
    """A line each, worst first."""
    found = effects(MODEL, changed({"tags.env": "prod", f"{IMAGE}.version": "24.4.2", "upgradePolicy.mode": "Manual"}))
    assert summary(list(reversed(found))) == "\n".join(
        [
            f"reimaged: {IMAGE} Canonical:ubuntu-24_04-lts:server:24.4.1 -> Canonical:ubuntu-24_04-lts:server:24.4.2: Manual: 10 instances stay on the old model "
            "until you run `scaleset rollout`; each then gets a new OS disk (what is on the old one is lost, data disks stay).",
            "nothing: tags (env dev -> prod): the running instances stay as they are.",
            "nothing: upgradePolicy.mode Rolling -> Manual: later changes wait for `scaleset rollout`.",
        ]
    )


def test_a_long_summary_is_cut() -> None:
    """To ten lines: the mildest effects are only counted."""
    new = changed(
        {f"tomorrow{number}": number for number in range(10)} | {"tags.env": "prod", "sku.capacity": 11, "sku.name": "Standard_D4s_v5"}
    )
    lines = summary(effects(MODEL, new)).splitlines()
    assert (len(lines), lines[0].split(":")[0]) == (11, "restarted")
    assert lines[-1] == "and 3 more, none worse than restarted"


def test_markdown() -> None:
    """A row a scale set: what is refused, reimaged and so on, how many instances, in how many batches; then every effect in words."""
    rolls = effects(MODEL, changed({f"{IMAGE}.version": "24.4.2", f"{EXTENSIONS}.0.forceUpdateTag": "2", "tags.env": "prod"}))
    refused = effects(MODEL, changed({f"{PROFILE}.priority": "Spot"}))
    replaced = effects(MODEL, changed({f"{PROFILE}.priority": "Spot"}), replace_when_immutable=True)
    text = markdown({"web": rolls, "api": refused, "jobs": replaced, "idle": []})
    assert text.split("\n\n")[0].splitlines() == [
        "| Scale set | What happens |",
        "| --- | --- |",
        "| `web`<br>10 instances | **reimaged**: `imageReference`<br>**updated in place**: `extensions[install]`<br>**nothing**: `tags`"
        "<br>Rolling: in at least 5 batches of at most 2 |",
        "| `api`<br>10 instances | **refused**: `priority`<br>Azure takes none of it |",
        "| `jobs`<br>10 instances | **replaced**: `priority`<br>By a new set |",
        "| `idle` | no change |",
    ]
    assert text.count("<details>") == text.count("</details>") == 3
    assert all(effect.message in text for effect in (*rolls, *refused, *replaced))


def test_markdown_of_each_mode() -> None:
    """Manual and Automatic say how instances get the model."""
    for mode, how in (("Manual", "Manual: `scaleset rollout`"), ("Automatic", "Automatic: all at once")):
        old = changed({"upgradePolicy.mode": mode})
        row = markdown({"web": effects(old, changed({"sku.name": "Standard_D4s_v5"}, old))}).splitlines()[2]
        assert row == f"| `web`<br>10 instances | **restarted**: `sku.name`<br>{how} |"


def test_markdown_of_an_update_that_waits() -> None:
    """Where the update brings the instances itself, nobody has to run a command."""
    old = changed({"upgradePolicy.mode": "Manual"})
    found = effects(old, changed({"sku.name": "Standard_D4s_v5"}, old), driven=Driven(3))
    assert (
        markdown({"web": found}).splitlines()[2]
        == "| `web`<br>10 instances | **restarted**: `sku.name`<br>By this update, at most 3 at a time |"
    )


def test_markdown_takes_names_as_text() -> None:
    """What a name or value holds of Markdown and HTML does no harm."""
    text = markdown({"a|b`<i>": effects(MODEL, changed({"tags.env": "<img|`x`>"}))})
    assert "<i" not in text
    assert [line.count("|") - line.count("\\|") for line in text.splitlines()[:3]] == [3, 3, 3]


def test_an_unsure_refusal_is_not_stated_in_the_table() -> None:
    """A refusal that depends on what Azure has doesn't say that nothing goes."""
    found = effects(MODEL, changed({f"{PROFILE}.billingProfile.maxPrice": 1, f"{INTERFACES}.0.enableAcceleratedNetworking": True}))
    assert markdown({"web": found}).splitlines()[2] == (
        "| `web`<br>10 instances | **refused**: `billingProfile.maxPrice`?<br>**restarted**: `enableAcceleratedNetworking`?<br>Rolling: in at least 5 batches of at most 2 |"
    )
