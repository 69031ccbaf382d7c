"""What of a row is public, and of which type each field is: the one source of lists and schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db import models

Json: TypeAlias = dict[str, Any]
STRING: Json = {"type": "string"}
STRINGS: Json = {"type": "array", "items": STRING}
OBJECT: Json = {"type": "object"}
MOMENT: Json = {"type": "string", "format": "date-time"}
# In this order: a field of Django is often a special case of another.
TYPES: tuple[tuple[type[models.Field[Any, Any]], Json], ...] = (
    (models.UUIDField, {"type": "string", "format": "uuid"}),
    (models.DateTimeField, MOMENT),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.BooleanField, {"type": "boolean"}),
    (models.DecimalField, {"type": "number"}),
    (models.FloatField, {"type": "number"}),
    (models.IntegerField, {"type": "integer"}),
    (models.EmailField, {"type": "string", "format": "email"}),
    (models.URLField, {"type": "string", "format": "uri"}),
    (models.CharField, STRING),
    (models.TextField, STRING),
)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The public fields of one noun: {public name: lookup on `model`}.

    others: JSON Schema of those fields whose type no column tells: annotations, JSON, what is
    computed.  example: a whole row.
    """

    name: str
    model: type[models.Model]
    fields: dict[str, str]
    others: dict[str, Json] = field(default_factory=dict)
    example: Json = field(default_factory=dict)

    def schema(self) -> Json:
        """JSON Schema (2020-12) of a row. Nothing is required: `?fields=` leaves out the rest."""
        properties = {
            name: self.others[name] if name in self.others else schema_at(self.model, lookup)
            for name, lookup in self.fields.items()
        }
        return {"type": "object", "properties": properties, "examples": [self.example]}


def named(*names: str) -> dict[str, str]:
    """Fields whose public name is their column's."""
    return {name: name for name in names}


def or_null(schema: Json) -> Json:
    """The same, or null."""
    nullable = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


def schema_at(model: type[models.Model], lookup: str) -> Json:
    """JSON Schema of the column that `lookup` leads to.  Raises: TypeError for one it cannot tell.

    A step over a relation that may be empty makes it nullable.
    """
    column, is_nullable = column_at(model, lookup)
    found = next((schema for kind, schema in TYPES if isinstance(column, kind)), None)
    if found is None:
        raise TypeError(f"Say of which type {model.__name__}.{lookup} is: Shape(others=…).")
    schema = dict(found)
    if column.blank and isinstance(column, models.CharField):
        schema.pop("format", None)  # no text at all is no address
    if column.choices:
        values = [value for value, _label in column.flatchoices]
        schema["enum"] = values if not column.blank or "" in values else [*values, ""]
    return or_null(schema) if is_nullable else schema


def column_at(model: type[models.Model], lookup: str) -> tuple[Any, bool]:
    """The column that `lookup` leads to, and whether it may be NULL.

    Raises: FieldDoesNotExist for what is computed.
    """
    *steps, last = lookup.split("__")
    is_nullable = False
    for step in steps:
        relation: Any = model._meta.get_field(step)
        is_nullable |= relation.null
        model = relation.related_model
    column: Any = model._meta.get_field(last)
    return column, is_nullable or column.null
