"""Which models of the medallion are written in ClickHouse's words, found in the SQL itself with its macros laid open.

`python -m tests.docs.dialect` writes the list anew into docs/how-to/databricks.md.
"""

from __future__ import annotations

import re
from functools import cache

from tests.docs.markdown import ROOT
from tradewind.warehouse.medallion import PROJECT

PAGE = ROOT / "docs" / "how-to" / "databricks.md"
LAYERS = ("bronze", "silver", "gold")
_BEGIN, _END = "<!-- models -->", "<!-- end of models -->"
# Functions that both engines know by one name and with one meaning, and words that only look like functions.
_SHARED = frozenset(
    """abs any_value as avg cast ceil coalesce concat count date exists floor from greatest if in lag lead least length
    lower max min mod not nullif on or over rank replace round row_number select sum then trim upper using values when
    where with and decimal by else filter union all dense_rank first_value last_value ntile log ln exp sqrt power sign
    distinct partition between having case join interval""".split()
)
_CLAUSES = {
    "array join": r"\barray\s+join\b",
    "asof join": r"\basof\b",
    "limit … by": r"\blimit\s+\d+\s+by\b",
    "final": r"\bfinal\b",
    "count()": r"\bcount\(\s*\)",
    "select * except / replace": r"\*\s+(?:except|replace)\b",
    "settings": r"\bsettings\b",
    "x -> …": r"->",
}
_CALL = re.compile(r"(?<![\w.'\"])([A-Za-z_]\w*)\s*\(")
_MACRO = re.compile(r"{%-?\s*macro\s+(\w+).*?%}(.*?){%-?\s*endmacro", re.DOTALL)
_JINJA = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)


@cache
def macros() -> dict[str, str]:
    """The bodies of the project's macros by name."""
    found: dict[str, str] = {}
    for path in (PROJECT / "macros").glob("*.sql"):
        found |= dict(_MACRO.findall(_without_comments(path.read_text())))
    return found


def own_words(sql: str) -> set[str]:
    """What Databricks does not understand in a model or a macro, by name."""
    text = _without_comments(sql)
    words = {name for name, pattern in _CLAUSES.items() if re.search(pattern, _JINJA.sub(" ", text), re.IGNORECASE)}
    words |= {name for name in _CALL.findall(_JINJA.sub(" ", text)) if name.lower() not in _SHARED}
    for expression in _JINJA.findall(text):
        for name in _CALL.findall(expression):
            if name in macros():
                words |= own_words(macros()[name])
        # SQL stands in the arguments of macros too.
        for argument in re.findall(r"\"([^\"]*)\"|'([^']*)'", expression):
            words |= {name for name in _CALL.findall("".join(argument)) if name.lower() not in _SHARED}
    return words - set(macros())


def models() -> dict[tuple[str, str], set[str]]:
    """The words of every model, by layer and name."""
    return {
        (layer, path.stem): own_words(path.read_text())
        for layer in LAYERS
        for path in sorted((PROJECT / "models" / layer).rglob("*.sql"))
    }


def table() -> str:
    """The list of the page."""
    lines = ["| model | layer | what needs other words |", "| --- | --- | --- |"]
    for (layer, name), words in models().items():
        told = ", ".join(f"`{word}`" for word in sorted(words, key=str.lower)) or "nothing: it runs as it is"
        lines.append(f"| `{name}` | {layer} | {told} |")
    return "\n".join(lines)


def written() -> str:
    """The list as the page has it."""
    return PAGE.read_text().partition(_BEGIN)[2].partition(_END)[0].strip()


def write() -> None:
    """Puts the list of today into the page."""
    head, _, rest = PAGE.read_text().partition(_BEGIN)
    PAGE.write_text(f"{head}{_BEGIN}\n{table()}\n{_END}{rest.partition(_END)[2]}")


def _without_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*|/\*.*?\*/|{#.*?#}", " ", sql, flags=re.DOTALL)


if __name__ == "__main__":
    write()
