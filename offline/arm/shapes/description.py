"""How a body is described: shapes have fields, fields have kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Kind:
    """What a value may be.

    `values` are the allowed strings of an enum, `item` the kind of a list's items or a map's values. An object's shape is loaded when it is
    asked for, because Azure's models refer to each other in circles.
    """

    name: Literal["string", "integer", "number", "boolean", "object", "list", "map", "any"]
    values: tuple[str, ...] = ()
    item: Kind | None = None
    type_name: str | None = None
    load: Callable[[], Shape] | None = field(default=None, compare=False, repr=False)

    @property
    def shape(self) -> Shape | None:
        """The shape of an object, None for every other kind."""
        return self.load() if self.load else None

    def shape_of(self, value: Any) -> Shape | None:
        """The shape of one object of this kind: where there are several, the one that the object says it has; None when there is no such."""
        of = self.shape
        if of is None or of.discriminator is None or not isinstance(value, dict):
            return of
        chosen = of.variants.get(str(value.get(of.discriminator)))
        return chosen() if chosen else None

    @property
    def is_string_set(self) -> bool:
        """Whether this is a map whose keys alone a client can write (`userAssignedIdentities`): azure-native takes a list of the keys."""
        of = self.item.shape if self.name == "map" and self.item else None
        return of is not None and all(field.read_only for field in of.fields.values())


@dataclass(frozen=True)
class Field:
    """One property of a body.

    `name` is the name on the wire, `alias` the one that azure-native uses for it (the client name of the specification, where there is one).
    A `create_only` field can't be changed once the resource exists.
    """

    name: str
    alias: str
    kind: Kind
    required: bool = False
    read_only: bool = False
    create_only: bool = False


@dataclass(frozen=True)
class Shape:
    """An object of a body: `fields` by wire name; those named in `flattened` are containers whose fields clients see one level up.

    Where objects of several shapes may stand, `fields` are what they have in common, and `variants` the shapes by the value of the field `discriminator`
    (`type: Shell`).
    """

    name: str
    fields: dict[str, Field]
    flattened: frozenset[str] = frozenset()
    discriminator: str | None = None
    variants: dict[str, Callable[[], Shape]] = field(default_factory=dict, compare=False, repr=False)
