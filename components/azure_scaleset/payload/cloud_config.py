"""cloud-config documents: read strictly, merged, written the same way every time."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from azure_scaleset.payload.problems import PayloadError

HEADER = "#cloud-config"


def parse(text: str, name: str) -> dict[str, Any]:
    """The map that a cloud-config file holds. Raises `PayloadError` when it is no YAML, no map, or gives a key twice (YAML would drop the first)."""
    try:
        document = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise PayloadError([f"{name} is not valid YAML: {' '.join(str(error).split())}."]) from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise PayloadError([f"{name} holds a {type(document).__name__}; a cloud-config is a map, such as `packages: [nginx]`."])
    return document


def merge(documents: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """One map out of (name, map) in order: lists are appended, maps merged, and what is set twice must be equal.

    Raises `PayloadError` for each key that two documents set to different values, naming both documents.
    """
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    problems: list[str] = []
    for name, document in documents:
        _merge_into(merged, document, name, "", origin, problems)
    if problems:
        raise PayloadError(problems)
    return merged


def render(document: Mapping[str, Any]) -> str:
    """The document with its header, in block style: keys in the order given, text of several lines as literal blocks, Unicode kept."""
    body = yaml.dump(dict(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=1_000_000)
    return f"{HEADER}\n{body}"


def _merge_into(
    merged: dict[str, Any], document: Mapping[str, Any], name: str, prefix: str, origin: dict[str, str], problems: list[str]
) -> None:
    for key, value in document.items():
        path = f"{prefix}{key}"
        if key not in merged:
            origin[path] = name
            merged[key] = _copy(value, name, f"{path}.", origin)
            continue
        present = merged[key]
        if isinstance(present, dict) and isinstance(value, Mapping):
            _merge_into(present, value, name, f"{path}.", origin, problems)
        elif isinstance(present, list) and isinstance(value, list):
            present.extend(value)
        elif type(present) is not type(value) or present != value:  # True == 1, but it is another value in YAML
            problems.append(f"'{path}' is {_brief(present)} in {origin[path]} and {_brief(value)} in {name}. Set it in one of them.")


def _copy(value: Any, name: str, prefix: str, origin: dict[str, str]) -> Any:
    # A copy, because what is merged into it later must not reach the caller's own document.
    if isinstance(value, Mapping):
        for key in value:
            origin[f"{prefix}{key}"] = name
        return {key: _copy(item, name, f"{prefix}{key}.", origin) for key, item in value.items()}
    return list(value) if isinstance(value, list) else value


def _brief(value: Any) -> str:
    return "a map" if isinstance(value, dict) else "a list" if isinstance(value, list) else repr(value)


class _Loader(yaml.SafeLoader):
    """Refuses a key that is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True) if isinstance(key_node, yaml.ScalarNode) else None
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key '{key}' is given twice", key_node.start_mark)
            if key is not None:
                seen.add(key)
        return super().construct_mapping(node, deep)


class _Dumper(yaml.SafeDumper):
    """Writes each value where it stands, without anchors, and indents lists below their key."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)
