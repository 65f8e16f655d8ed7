"""Holds answers against the models of msgraph-sdk: every member that was sent is one that the model knows, and was read as what
it is. An answer is parsed by the SDK, written by it again, and compared member by member with what was on the wire."""

import datetime
import json

from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter

CHECKED = {}


class Mismatch(Exception):
    pass


def check(raw, model):
    """`raw` is the JSON as it came, `model` what the SDK made of it."""
    count(model)
    strangers(model, type(model).__name__)
    writer = JsonSerializationWriter()
    model.serialize(writer)
    compare(raw, json.loads(writer.get_serialized_content() or b"{}"), type(model).__name__)


def count(model):
    name = type(model).__name__
    CHECKED[name] = CHECKED.get(name, 0) + 1


def strangers(model, path):
    """What the SDK did not know stands in `additional_data`."""
    for name in getattr(model, "additional_data", None) or {}:
        if not name.startswith("@odata") and not name.startswith("@removed"):
            raise Mismatch(f"{path}.{name}: Graph knows no such member")
    for name, value in vars(model).items():
        for inner in value if isinstance(value, list) else [value]:
            if hasattr(inner, "get_field_deserializers"):
                count(inner)
                strangers(inner, f"{path}.{name}")


def compare(raw, read, path):
    if isinstance(raw, dict):
        for name, value in raw.items():
            if name.startswith("@") or value is None or value == []:
                continue
            if not isinstance(read, dict) or name not in read:
                raise Mismatch(f"{path}.{name}: {value!r} was not read: it is not what the model expects")
            compare(value, read[name], f"{path}.{name}")
    elif isinstance(raw, list):
        if len(raw) != len(read):
            raise Mismatch(f"{path}: {len(raw)} sent, {len(read)} read")
        for place, (sent, got) in enumerate(zip(raw, read)):
            compare(sent, got, f"{path}[{place}]")
    elif raw != read and moment(raw) != moment(read):
        raise Mismatch(f"{path}: {raw!r} was read as {read!r}")


def moment(text):
    try:
        time = datetime.datetime.fromisoformat(text)
        return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)
    except (TypeError, ValueError):
        return (text,)
