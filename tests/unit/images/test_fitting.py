"""Whether a scale set can use the image that it names."""

from typing import Any

import pytest

from azure_scaleset.images.fitting import Found, User, misfits
from azure_scaleset.images.reference import parse
from azure_scaleset.images.versions import Version

GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute"
DEFINITION = f"{GROUP}/galleries/g/images/d"
LINUX = User("westeurope", "Linux", trusted_launch=False)
TRUSTED = User("westeurope", "Linux", trusted_launch=True)


def definition(security: str | None = None, **properties: Any) -> dict[str, Any]:
    """A definition as Azure shows it."""
    features = [{"name": "SecurityType", "value": security}] if security else []
    return {"name": "d", "properties": {"osType": "Linux", "osState": "Generalized", "features": features, **properties}}


def version(*regions: str, state: str = "Succeeded") -> dict[str, Any]:
    """A version as Azure shows it."""
    return {
        "name": "1.0.0",
        "properties": {"provisioningState": state, "publishingProfile": {"targetRegions": [{"name": name} for name in regions]}},
    }


def floating(of: dict[str, Any]) -> Found:
    """An image without a version, of which Azure takes one."""
    return Found(of, version("westeurope"))


@pytest.mark.parametrize(
    ("text", "found", "user", "words"),
    [
        (DEFINITION, floating(definition()), LINUX, None),
        (DEFINITION, floating(definition("TrustedLaunchSupported")), LINUX, None),
        (DEFINITION, floating(definition("TrustedLaunchSupported")), TRUSTED, None),
        (DEFINITION, floating(definition("TrustedLaunch")), TRUSTED, None),
        (f"{DEFINITION}/versions/1.0.0", Found(definition(), version("West Europe")), LINUX, None),
        (f"{GROUP}/images/i", Found({"location": "westeurope"}), LINUX, None),
        (DEFINITION, Found(None), LINUX, "G3: Azure doesn't have it"),
        (f"{DEFINITION}/versions/1.0.0", Found(definition(), None), LINUX, "G3: its definition has no version 1.0.0"),
        (
            f"{DEFINITION}/versions/1.0.0",
            Found(definition(), version("eastus")),
            LINUX,
            "G6: its version 1.0.0 is not replicated to westeurope",
        ),
        (
            f"{DEFINITION}/versions/1.0.0",
            Found(definition(), version("westeurope", state="Failed")),
            LINUX,
            "G6: its version 1.0.0 is Failed",
        ),
        (
            DEFINITION,
            Found(definition(), None, [Version("1.1.0", "is excluded from latest"), Version("1.0.0", "is Creating")]),
            LINUX,
            "G6: of its versions Azure takes none in westeurope: 1.1.0 is excluded from latest; 1.0.0 is Creating (G6, Y7)",
        ),
        (DEFINITION, Found(definition()), LINUX, "G6: of its versions Azure takes none in westeurope: there is none (G6, Y7)"),
        (DEFINITION, floating(definition(osType="Windows")), LINUX, "G8: it is an image of Windows, but os is Linux"),
        (DEFINITION, floating(definition(osState="Specialized")), LINUX, "G9: it is specialized"),
        (
            DEFINITION,
            floating(definition("TrustedLaunch")),
            LINUX,
            "C2: its security type is TrustedLaunch: only machines of trusted launch",
        ),
        (DEFINITION, floating(definition()), TRUSTED, "C2: its security type is Standard, not for trusted launch"),
        (f"{GROUP}/images/i", Found({"location": "eastus"}), LINUX, "G6: it is a managed image of eastus"),
        (f"{GROUP}/images/i", Found({"location": "westeurope"}), TRUSTED, "C2: it is a managed image, which knows no trusted launch"),
    ],
)
def test_what_does_not_fit_is_told_with_its_rule(text: str, found: Found, user: User, words: str | None) -> None:
    """One reason each; none when the image fits."""
    problems = [f"{rule}: {text}" for rule, text in misfits(parse(text), found, user)]

    assert len(problems) == (0 if words is None else 1)
    assert words is None or problems[0].startswith(words)


def test_all_that_does_not_fit_is_told_at_once() -> None:
    """Region, system, state and security of one image."""
    found = Found(definition("TrustedLaunch", osType="Windows", osState="Specialized"), version("eastus"))

    assert [rule for rule, _ in misfits(parse(f"{DEFINITION}/versions/1.0.0"), found, LINUX)] == ["G6", "G8", "G9", "C2"]
