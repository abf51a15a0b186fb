"""Expressions of templates: how they are read, and what their functions give."""

from pathlib import Path
from typing import Any

import pytest

from offline.arm.deployments.scope import Scope
from offline.arm.errors import ArmError
from offline.arm.store import Store
from tests.unit.offline.arm import GROUP, SUBSCRIPTION


@pytest.fixture
def scope(tmp_path: Path) -> Scope:
    """A deployment with some parameters and variables."""
    parameters = {"size": 3, "name": "web", "places": ["a", "b"], "tags": {"Owner": "me"}}
    variables = {"nic": "[concat(parameters('name'), '-nic')]", "twice": "[concat(variables('nic'), variables('nic'))]"}
    return Scope(Store(tmp_path / "azure.sqlite"), f"{GROUP}/providers/Microsoft.Resources/deployments/d", parameters, variables)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("plain", "plain"),
        ("[[kept]", "[kept]"),
        ("[parameters('SIZE')]", 3),
        ("[variables('twice')]", "web-nicweb-nic"),
        ("[ concat('it''s ', string(-4)) ]", "it's -4"),
        ("[parameters('places')[1]]", "b"),
        ("[parameters('tags').owner]", "me"),
        ("[concat(parameters('places'), createArray('c'))]", ["a", "b", "c"]),
        ("[format('{0}/{1}', 'a', 2)]", "a/2"),
        ("[if(equals(1, 1), 'yes', variables('none'))]", "yes"),
        ("[union(createObject('a', 1), createObject('b', 2))]", {"a": 1, "b": 2}),
        ("[equals(true(), 1)]", False),
        ("[length(split('a,b;c', createArray(',', ';')))]", 3),
        ("[base64('hello')]", "aGVsbG8="),
        ("[empty(createArray())]", True),
        ("[resourceGroup().location]", None),
        (
            "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'web')]",
            f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/web",
        ),
        (
            "[resourceId('other', 'Microsoft.Compute/disks', 'd')]",
            f"{SUBSCRIPTION}/resourceGroups/other/providers/Microsoft.Compute/disks/d",
        ),
        ({"[parameters('name')]": ["[parameters('size')]"]}, {"web": [3]}),
    ],
)
def test_a_value_is_evaluated(scope: Scope, written: Any, value: Any) -> None:
    """Texts, objects with their keys, lists; what is no expression stays."""
    scope.store.put(GROUP, "Microsoft.Resources/resourceGroups", {"id": GROUP, "location": None})
    assert scope.value(written) == value


@pytest.mark.parametrize(
    ("written", "code", "part"),
    [
        ("[concat('a']", "InvalidTemplate", "unexpected end"),
        ("[concat('a' 'b')]", "InvalidTemplate", "unexpected ''b'', expected ')'"),
        ("[1 + 2]", "InvalidTemplate", "unexpected '+'"),
        ("[parameters('none')]", "InvalidTemplate", "The template parameter 'none' is not found"),
        ("[variables('none')]", "InvalidTemplate", "The template variable 'none' is not found"),
        ("[parameters('tags').none]", "InvalidTemplate", "available properties are 'Owner'"),
        ("[parameters('places')[2]]", "InvalidTemplate", "index '2' is not valid"),
        ("[toLower(1)]", "InvalidTemplate", "'toLower' was called with arguments that it does not take"),
        ("[resourceId('Microsoft.Compute/disks')]", "InvalidTemplate", "takes 1 names"),
        ("[reference('web')]", "InvalidTemplate", "not expected at this location"),
        ("[uniqueString('a')]", "NotImplemented", "the template function 'uniqueString'"),
    ],
)
def test_a_wrong_expression_is_refused(scope: Scope, written: str, code: str, part: str) -> None:
    """With what is wrong; what this Azure doesn't know is refused by name."""
    with pytest.raises(ArmError) as refusal:
        scope.value(written)
    assert (refusal.value.code, part in refusal.value.message) == (code, True), refusal.value.message
