"""Whether a column's type is one that the engine knows. What is doubtful is left for the engine to judge."""

from __future__ import annotations

import re

from tradewind.warehouse.datafiles.findings import did_you_mean
from tradewind.warehouse.datafiles.sql_text import split_at_commas, tokens

_WIDTHS = ("8", "16", "32", "64", "128", "256")
_PLAIN = frozenset(
    [f"Int{width}" for width in _WIDTHS]
    + [f"UInt{width}" for width in _WIDTHS]
    + """Float32 Float64 BFloat16 Decimal Decimal32 Decimal64 Decimal128 Decimal256 String FixedString UUID Bool
    Date Date32 DateTime DateTime32 DateTime64 Time Time64 Enum Enum8 Enum16 IPv4 IPv6 JSON Object Dynamic Nothing
    Point Ring LineString MultiLineString Polygon MultiPolygon Geometry QBit Interval IntervalNanosecond
    IntervalMicrosecond IntervalMillisecond IntervalSecond IntervalMinute IntervalHour IntervalDay IntervalWeek
    IntervalMonth IntervalQuarter IntervalYear""".split()
)
_OF_TYPES = frozenset({"Array", "Nullable", "LowCardinality", "Map", "Variant"})
_OF_NAMED_TYPES = frozenset({"Tuple", "Nested"})
_AGGREGATES = frozenset({"AggregateFunction", "SimpleAggregateFunction"})
KNOWN_TYPES = _PLAIN | _OF_TYPES | _OF_NAMED_TYPES | _AGGREGATES

_BETTER = {
    "boolean": "Write Bool, or UInt8 for 0 and 1.",
    "int": "Say how wide it is: Int32 or Int64.",
    "integer": "Say how wide it is: Int32 or Int64.",
    "uint": "Say how wide it is: UInt32 or UInt64.",
    "float": "Say how wide it is: Float32 or Float64.",
    "double": "Write Float64.",
    "text": "Write String.",
    "varchar": "Write String.",
    "timestamp": "Write DateTime or DateTime64(3).",
}
_MAX_DEPTH = 16
_NAMED = re.compile(r"^(`[^`]+`|\w+)\s+(?=\S)")


def problem_with_type(text: str, depth: int = 0) -> tuple[str, str] | None:
    """What is wrong with a type, and the fix; None if nothing is."""
    if depth > _MAX_DEPTH:
        return "The type is nested too deeply.", f"At most {_MAX_DEPTH} levels are read."
    name, arguments = _parts(text)
    if name is None:
        return f"`{text[:80]}` is no type.", "Write it as the engine names it, for example `Array(String)`."
    if name not in KNOWN_TYPES:
        fix = _BETTER.get(name.lower()) or did_you_mean(name, KNOWN_TYPES, "Write a ClickHouse type, such as String.")
        return f"There is no type {name[:80]}.", fix
    if name == "DateTime64" and not arguments:
        return "DateTime64 needs its precision.", "Write DateTime64(3) for milliseconds."
    inner = [part for part, _ in split_at_commas(arguments)] if arguments else []
    if name in _OF_TYPES | _OF_NAMED_TYPES | _AGGREGATES and not inner:
        return f"{name} needs the types it is made of.", f"Write them in parentheses, for example {_EXAMPLES[name]}."
    if name in _AGGREGATES:
        inner = [part for part in inner[1:] if not part.startswith("'")]
    elif name in _OF_NAMED_TYPES:
        inner = [_NAMED.sub("", part) if part.partition("(")[0].strip() not in KNOWN_TYPES else part for part in inner]
    elif name not in _OF_TYPES:
        inner = []
    return next((problem for part in inner if (problem := problem_with_type(part, depth + 1))), None)


_EXAMPLES = {
    "Array": "Array(String)",
    "Nullable": "Nullable(String)",
    "LowCardinality": "LowCardinality(String)",
    "Map": "Map(String, String)",
    "Variant": "Variant(String, Int64)",
    "Tuple": "Tuple(String, Int64)",
    "Nested": "Nested(name String)",
    "AggregateFunction": "AggregateFunction(uniq, String)",
    "SimpleAggregateFunction": "SimpleAggregateFunction(sum, Int64)",
}


def nullable_inside(text: str) -> str | None:
    """T of `Nullable(T)`, or None if the type is not that."""
    name, arguments = _parts(text)
    return arguments if name == "Nullable" and arguments else None


def _parts(text: str) -> tuple[str | None, str]:
    """The name of a type, and what stands in its parentheses."""
    found = re.fullmatch(r"(\w+)\s*(?:\((.*)\))?", text.strip(), re.DOTALL)
    if found is None:
        return None, ""
    depth = 0
    for token in tokens(found[2] or ""):
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
            if depth < 0:
                return None, ""
    return found[1], (found[2] or "").strip()
