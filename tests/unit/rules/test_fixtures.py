"""The models that Azure is known to accept are themselves well formed: every file is complete, anonymous and spelt as azure-native spells it."""

import base64
import re
import typing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import pulumi_azure_native.compute as compute
import pytest
import yaml
from pulumi import _types

MODELS = Path(__file__).parents[2] / "fixtures" / "models"
FILES = sorted(MODELS.glob("*.yaml"))
ORIGINS = {"rest", "terraform", "ansible", "capi", "portal", "cli", "bicep", "sdk", "quickstart"}
SOURCE = re.compile(r"https://\S+|[\w.-]+/[\w.-]+@[0-9a-f]{40}:\S.*")
PASSWORD = "Not-a-real-1-password"
NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"


def read(file: Path) -> Any:
    """The document of a fixture."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar of a document with its path, `a.b[0].c`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")
    else:
        yield path, value


def alternatives(kind: Any) -> list[Any]:
    """The plain types of a Pulumi input annotation: what an output or an awaitable adds to it is left out."""
    if typing.get_origin(kind) is not typing.Union:
        return [kind]
    plain = [inner for part in typing.get_args(kind) for inner in alternatives(part)]
    return [
        part for part in plain if part is not type(None) and getattr(typing.get_origin(part), "__name__", "") not in {"Awaitable", "Output"}
    ]


def enumeration(kinds: list[Any]) -> set[str] | None:
    """The values of an enumeration among the types, in small letters as Azure compares them; None if there is none."""
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {str(member.value).lower() for member in kind}
    return None


def misspelt(value: Any, kind: Any, path: str) -> Iterator[str]:
    """What in a value azure-native's input type has no place for: unknown properties, wrong JSON types, unknown enumeration values."""
    kinds = alternatives(kind)
    values = enumeration(kinds)
    first = next((part for part in kinds if typing.get_origin(part) in {Sequence, Mapping}), kinds[0])
    if Any in kinds:
        return
    if values is not None:
        if not isinstance(value, str) or value.lower() not in values:
            yield f"{path}: {value!r} is none of {sorted(values)}"
    elif _types.is_input_type(first):
        yield from misspelt_properties(value, first, path)
    elif typing.get_origin(first) is Sequence:
        if not isinstance(value, list):
            yield f"{path}: not a list"
            return
        for number, inner in enumerate(value):
            yield from misspelt(inner, typing.get_args(first)[0], f"{path}[{number}]")
    elif typing.get_origin(first) is Mapping:
        if not isinstance(value, Mapping) or not all(isinstance(inner, str) for inner in value.values()):
            yield f"{path}: not a map of texts"
    elif not fits(value, first):
        yield f"{path}: {value!r} is no {first.__name__}"


def fits(value: Any, kind: type) -> bool:
    """Whether a scalar is of the type; an integer is a number too, a boolean is neither."""
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def misspelt_properties(value: Any, kind: type, path: str) -> Iterator[str]:
    """The same for a map that has an input type of its own."""
    if not isinstance(value, Mapping):
        yield f"{path}: not a map"
        return
    types = _types.input_type_types(kind)
    for key, inner in value.items():
        where = f"{path}.{key}" if path else str(key)
        if key in types:
            yield from misspelt(inner, types[key], where)
        else:
            yield f"{where}: no such property"


def misspelt_inputs(inputs: Any) -> list[str]:
    """All that is misspelt in the inputs of a scale set."""
    return list(misspelt_properties(inputs, compute.VirtualMachineScaleSetArgs, ""))


def test_there_are_enough_models_of_enough_kinds() -> None:
    """At least 65 models, and at least three kinds of source with at least 12 each."""
    origins = Counter(read(file)["origin"] for file in FILES)

    assert len(FILES) >= 65
    assert len([origin for origin, count in origins.items() if count >= 12]) >= 3


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_model_says_where_it_is_from(file: Path) -> None:
    """Each file has the four keys, a known kind of source which begins its name, a source that can be found, and a note of one line."""
    document = read(file)

    assert sorted(document) == ["inputs", "note", "origin", "source"]
    assert document["origin"] in ORIGINS
    assert file.stem.startswith(f"{document['origin']}-")
    assert SOURCE.fullmatch(document["source"])
    assert document["note"].strip()
    assert "\n" not in document["note"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_model_is_spelt_as_azure_native_spells_it(file: Path) -> None:
    """Every property exists in azure-native's input types and holds a value of its type."""
    assert misspelt_inputs(read(file)["inputs"]) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_model_is_a_whole_request(file: Path) -> None:
    """The set has a name, a group and a place; with a profile also a size, an image, an OS disk and a network interface."""
    inputs = read(file)["inputs"]
    profile = inputs.get("virtualMachineProfile")

    assert {"resourceGroupName", "vmScaleSetName", "location"} <= set(inputs)
    assert (profile is None) == ("sku" not in inputs)
    if profile is not None:
        assert {"name", "capacity"} <= set(inputs["sku"])
        assert {"imageReference", "osDisk"} <= set(profile["storageProfile"])
        assert profile["networkProfile"]["networkInterfaceConfigurations"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_model_is_anonymous(file: Path) -> None:
    """No one's subscription, no placeholder, no password but the made-up one."""
    found = list(leaves(read(file)["inputs"]))
    texts = [value for _, value in found if isinstance(value, str)]

    assert {match for text in texts for match in re.findall(r"/subscriptions/([^/]+)", text)} <= {NO_SUBSCRIPTION}
    assert [text for text in texts if re.search(r"%[ds]|\$\{|\{\{|\{[a-z-]+\}", text)] == []
    assert {value for path, value in found if path.endswith(("adminPassword", "protectedSettings.Password", "credential.password"))} <= {
        PASSWORD
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_keys_of_model_are_well_formed(file: Path) -> None:
    """The body of an SSH key names the same algorithm as its prefix."""
    for path, value in leaves(read(file)["inputs"]):
        if path.endswith("keyData"):
            algorithm, body, *_ = value.split()
            blob = base64.b64decode(body, validate=True)
            length = int.from_bytes(blob[:4], "big")
            assert blob[4 : 4 + length].decode() == algorithm


@pytest.mark.parametrize(
    ("inputs", "problems"),
    [
        ({"locaton": "westus"}, ["locaton: no such property"]),
        ({"zones": "1"}, ["zones: not a list"]),
        ({"sku": {"capacity": "2"}}, ["sku.capacity: '2' is no float"]),
        ({"overprovision": "true"}, ["overprovision: 'true' is no bool"]),
        ({"orchestrationMode": "Flex"}, ["orchestrationMode: 'Flex' is none of ['flexible', 'uniform']"]),
        (
            {"virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": [{"properties": {}}]}}},
            ["virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0].properties: no such property"],
        ),
        ({"tags": {"a": 1}}, ["tags: not a map of texts"]),
        ({"identity": {"type": "UserAssigned", "userAssignedIdentities": {}}}, ["identity.userAssignedIdentities: not a list"]),
    ],
)
def test_a_misspelt_model_is_found(inputs: dict[str, Any], problems: list[str]) -> None:
    """The spelling check above can fail: it names each kind of mistake with its path."""
    assert misspelt_inputs(inputs) == problems
