"""The shape of a scenario file for editors: they complete keys, show units and mark mistakes."""

from __future__ import annotations

from typing import Any

from .schema import Scenario

MARGINS: dict[str, Any] = {
    "source": {"type": "string", "description": "Key of `sources` behind the numbers in this map."},
    "assumption": {
        "anyOf": [{"type": "string"}, {"$ref": "#/$defs/Text"}],
        "description": "Why these values, where no source states them.",
    },
    "note": {"description": "A remark for readers of the file."},
}
FILE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "description": "A CSV file beside this one: rows by columns."},
        **MARGINS,
    },
    "required": ["file"],
    "additionalProperties": False,
}
COLUMN: dict[str, Any] = {
    "file": {"type": "string", "description": "A CSV file beside this one, instead of `values`."},
    "column": {"type": "string", "description": "The column of that file to take the values from."},
}


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file as users write it.

    A file may extend another, so that no key is required; any map may say where its numbers come from; a
    number may stand bare; null takes an inherited entry away.
    """
    schema = Scenario.model_json_schema()
    definitions = schema["$defs"]
    for name, definition in definitions.items():
        if name not in ("Quantity", "Bilingual"):
            loosen(definition)
    loosen(schema)
    definitions["Distribution"]["properties"] |= COLUMN
    quantity, text = definitions["Quantity"], definitions["Bilingual"]
    quantity["properties"] = {
        name: part for name, part in quantity["properties"].items() if not part.pop("hidden", False)
    }
    quantity["properties"]["note"] = MARGINS["note"]
    quantity.pop("required", None)
    definitions["Quantity"] = {
        "description": quantity.pop("description", ""),
        "anyOf": [{"type": "number"}, quantity],
    }
    definitions["Bilingual"] = {
        "description": text.pop("description", ""),
        "anyOf": [{"type": ["string", "number"]}, text],
    }
    worded(definitions)
    schema["properties"] = {
        "extends": {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "description": (
                "A file beside this one, or example:FOLDER/FILE.yaml; then only what differs. Of a list later"
                " files win over earlier ones."
            ),
        },
        "defaults": {
            "type": "object",
            "description": (
                "What fills a sector (by its model), project, pool or months that leave something out."
            ),
        },
        **schema["properties"],
    }
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def worded(definitions: dict[str, Any]) -> None:
    """Allow what a sheet says for a row of targets and for its tiers."""
    row = definitions["TargetSpec"]
    for tier in ("ensure", "stretch", "at_most"):
        row["properties"][tier].setdefault("anyOf", []).append(
            {"type": "string", "description": "The number with its unit."}
        )
    definitions["TargetSpec"] = {
        "description": row.pop("description", ""),
        "anyOf": [
            row,
            {
                "type": ["string", "number"],
                "description": "The target as a sheet words it, such as 7.5%以上.",
            },
        ],
    }


def loosen(schema: dict[str, Any]) -> None:
    """Allow what the loader allows in a map: nothing required, margins, null for what is taken away."""
    properties = schema.get("properties", {})
    schema.pop("required", None)
    for name, part in properties.items():
        properties[name] = loosened(part)
    if schema.get("type") == "object":
        schema["properties"] = {**properties, **MARGINS}


def loosened(part: dict[str, Any]) -> dict[str, Any]:
    """A field as a file may state it."""
    for option in part.get("anyOf", ()):
        if "additionalProperties" in option:
            option["additionalProperties"] = {"anyOf": [option["additionalProperties"], {"type": "null"}]}
    inner = part.get("additionalProperties")
    if not isinstance(inner, dict):
        return part
    said: dict[str, Any] = {
        name: part.pop(name)
        for name in ("description", "title", "unit", "at_least", "at_most", "default")
        if name in part
    }
    part.pop("minProperties", None)
    nested = loosened(inner)
    part["additionalProperties"] = {"anyOf": [nested, {"type": "null"}]}
    part["properties"] = dict(MARGINS)
    options: list[dict[str, Any]] = [part, FILE, {"type": "null"}]
    if "unit" in said:
        options.append({"type": "string", "description": "A class by its name alone stands for 100 % of it."})
    return {**said, "anyOf": options}
