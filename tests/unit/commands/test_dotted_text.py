"""Where long paths are broken."""

from azure_scaleset.commands.dotted_text import broken

PATH = "upgradePolicy.rollingUpgradePolicy.maxUnhealthyInstancePercent"


def test_long_path_is_broken_after_dots() -> None:
    """As late as the width allows; a name that is longer than the width stays whole here."""
    assert broken(PATH, 40) == "upgradePolicy.rollingUpgradePolicy.\nmaxUnhealthyInstancePercent"
    assert broken(PATH, 30) == "upgradePolicy.\nrollingUpgradePolicy.\nmaxUnhealthyInstancePercent"
    assert broken(PATH, 10) == "upgradePolicy.\nrollingUpgradePolicy.\nmaxUnhealthyInstancePercent"


def test_what_fits_stays() -> None:
    """Words that are not too long are left to the table, which breaks at spaces."""
    text = f"{PATH}\nRaise it to 24.04 or more. See rules.A3."
    assert broken(text, len(PATH)) == text


def test_each_long_word_of_a_text_is_broken() -> None:
    """Also within a message."""
    assert broken("Set one.two.three here.", 8) == "Set one.two.\nthree here."
