"""Holds answers against the schemas of Google's discovery document: types, formats, kinds, and no member it does not know."""

import datetime
import re

CHECKED = {}


class Mismatch(Exception):
    pass


def check(value, schema, schemas, path="answer"):
    if "$ref" in schema:
        CHECKED[schema["$ref"]] = CHECKED.get(schema["$ref"], 0) + 1
        return check(value, schemas[schema["$ref"]], schemas, path)
    kind = schema.get("type", "any")
    if kind == "object":
        if not isinstance(value, dict):
            raise Mismatch(f"{path}: {value!r} is no object")
        known = schema.get("properties", {})
        for name, inner in value.items():
            if name in known:
                check(inner, known[name], schemas, f"{path}.{name}")
            elif "additionalProperties" in schema:
                check(inner, schema["additionalProperties"], schemas, f"{path}.{name}")
            else:
                raise Mismatch(f"{path}.{name}: Google knows no such member")
        default = known.get("kind", {}).get("default")
        if default and value.get("kind") != default:
            raise Mismatch(f"{path}.kind: {value.get('kind')!r} instead of {default!r}")
    elif kind == "array":
        if not isinstance(value, list):
            raise Mismatch(f"{path}: {value!r} is no list")
        for place, inner in enumerate(value):
            check(inner, schema["items"], schemas, f"{path}[{place}]")
    elif kind == "boolean":
        if not isinstance(value, bool):
            raise Mismatch(f"{path}: {value!r} is no boolean")
    elif kind == "integer":
        if isinstance(value, bool) or not isinstance(value, int):
            raise Mismatch(f"{path}: {value!r} is no integer")
    elif kind == "string":
        if not isinstance(value, str):
            raise Mismatch(f"{path}: {value!r} is no string")
        form = schema.get("format")
        if form == "date-time" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", value):
            raise Mismatch(f"{path}: {value!r} is no date-time")
        if form == "date":
            datetime.date.fromisoformat(value)
        if form == "int64":
            int(value)
