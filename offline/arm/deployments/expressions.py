"""Template expressions, as `[concat(variables('prefix'), '-nic')]`: a text is read into a tree, and the tree evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from offline.arm.errors import ArmError, bad_request

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_][\w]*)|(?P<sign>[(),.\[\]]))")


@dataclass(frozen=True)
class Literal:
    """A text or a number."""

    value: str | int


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True)
class Part:
    """A property or an item of a value: `of.name`, `of[0]`."""

    of: Tree
    key: Tree


Tree = Literal | Call | Part
Caller = Callable[[Call], Any]
"""Carries a function out; it evaluates the arguments itself, since `if` needs one of two only."""


def is_expression(text: str) -> bool:
    """Whether a text of a template is an expression; `[[` at its start stands for a bracket."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def evaluated(value: Any, call: Caller) -> Any:
    """A value of a template with every expression in it evaluated; keys of objects can be expressions, too."""
    if isinstance(value, dict):
        return {evaluated(name, call): evaluated(item, call) for name, item in value.items()}
    if isinstance(value, list):
        return [evaluated(item, call) for item in value]
    if not isinstance(value, str):
        return value
    if is_expression(value):
        return result(read(value), call)
    return value[1:] if value.startswith("[[") else value


def result(tree: Tree, call: Caller) -> Any:
    """What a tree evaluates to."""
    if isinstance(tree, Literal):
        return tree.value
    if isinstance(tree, Call):
        return call(tree)
    holder, key = result(tree.of, call), result(tree.key, call)
    if isinstance(holder, dict) and isinstance(key, str):
        found = [value for name, value in holder.items() if name.lower() == key.lower()]
        if found:
            return found[0]
        raise invalid(f"The language expression property '{key}' doesn't exist, available properties are '{', '.join(holder)}'.")
    if isinstance(holder, list) and isinstance(key, int) and 0 <= key < len(holder):
        return holder[key]
    raise invalid(f"The language expression property or array index '{key}' is not valid here.")


def calls(value: Any) -> Iterator[Call]:
    """Every function call in the expressions of a value, those in arguments too."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from calls(name)
            yield from calls(item)
    elif isinstance(value, list):
        for item in value:
            yield from calls(item)
    elif isinstance(value, str) and is_expression(value):
        yield from _in_tree(read(value))


def _in_tree(tree: Tree) -> Iterator[Call]:
    if isinstance(tree, Call):
        yield tree
        for argument in tree.arguments:
            yield from _in_tree(argument)
    elif isinstance(tree, Part):
        yield from _in_tree(tree.of)
        yield from _in_tree(tree.key)


def read(text: str) -> Tree:
    """The tree of an expression, brackets included."""
    reader = _Reader(text[1:-1])
    tree = reader.tree()
    reader.expect("")
    return tree


def invalid(sentence: str) -> ArmError:
    """Azure's refusal of a template."""
    return bad_request("InvalidTemplate", f"Deployment template validation failed: '{sentence}'.")


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._at = 0

    def _split(self) -> list[str]:
        tokens, at = [], 0
        while self._text[at:].strip():
            match = _TOKEN.match(self._text, at)
            if match is None:
                raise self._unreadable(f"'{self._text[at:].strip()[0]}'")
            tokens.append(match[0].strip())
            at = match.end()
        return [*tokens, ""]

    def _unreadable(self, at: str) -> ArmError:
        return invalid(f"Unable to parse language expression '{self._text}': unexpected {at}")

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def expect(self, token: str) -> None:
        """Takes this token ("": the end), and refuses any other."""
        taken = self._take()
        if taken != token:
            raise self._unreadable(f"'{taken}', expected '{token}'" if taken else f"end, expected '{token}'")

    def tree(self) -> Tree:
        """A literal, or a call with what is taken of its value."""
        token = self._take()
        if token.startswith("'"):
            return Literal(token[1:-1].replace("''", "'"))
        if token.lstrip("-").isdigit():
            return Literal(int(token))
        if not token or not (token[0].isalpha() or token[0] == "_"):
            raise self._unreadable(f"'{token}'" if token else "end")
        self.expect("(")
        tree: Tree = Call(token, tuple(self._arguments()))
        while self._tokens[self._at] in (".", "["):
            if self._take() == ".":
                tree = Part(tree, Literal(self._take()))
            else:
                tree = Part(tree, self.tree())
                self.expect("]")
        return tree

    def _arguments(self) -> Iterator[Tree]:
        if self._tokens[self._at] == ")":
            self._at += 1
            return
        while True:
            yield self.tree()
            if self._tokens[self._at] != ",":
                break
            self._at += 1
        self.expect(")")
