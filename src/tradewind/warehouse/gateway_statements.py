"""What a user's statement is, and whether it may run: judged on the text as the engine itself parses it.

A read-only connection is not enough. There the engine still lets `file('…')` read the server's disk,
`INTO OUTFILE` write to it, DESCRIBE open a URL, KILL end other people's queries, and it runs several
statements in one text. So each text is first parsed by the engine, which gives it back in canonical form:
one statement, no comments, every string in plain quotes. The rules below look at the words of that form.

Nobody reaches the server's disk, processes or network through SQL, writers neither: they own tables, not
the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tradewind.warehouse.gateway_errors import ACCESS_DENIED, READONLY, SYNTAX_ERROR, GatewayError, engine_error

MAX_STATEMENT_BYTES = 262_144
"""The engine's own limit on the length of a statement; data of an INSERT does not count."""

_WORD = re.compile(
    r"'(?:[^'\\]|\\.|'')*+'"  # a string: passed over
    r"|`(?P<quoted>(?:[^`\\]|\\.|``)*+)`|\"(?P<double>(?:[^\"\\]|\\.)*+)\""
    r"|\{(?P<bound>\w+):(?P<type>[^{}]*+)\}"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<sign>[^\s\w])",
    re.DOTALL,
)

# Table functions that compute or look at our own tables. Any other reaches outside and is refused by name.
_HARMLESS_TABLE_FUNCTIONS = frozenset(
    """format fuzzjson generate_series generaterandom generateseries input merge mergetreeindex mergetreeprojection
    null numbers numbers_mt primes sqlstandardvalues values view viewifpermitted zeros zeros_mt""".split()
)
_LONGEST_NAME = 1000
_SETTINGS_WITH_FILES = ("format_schema", "format_template_")
_READ = ("SELECT", "WITH", "(", "SHOW", "DESCRIBE", "EXPLAIN", "EXISTS", "USE", "CHECK")
_WRITE = """CREATE REPLACE DROP TRUNCATE RENAME EXCHANGE ALTER OPTIMIZE DELETE UPDATE SET""".split()
_MAIN_WORDS = dict.fromkeys(_READ, "read") | dict.fromkeys(_WRITE, "write") | {"INSERT": "insert"}
_MAY_CREATE = frozenset({"TABLE", "VIEW", "MATERIALIZED", "DATABASE", "FUNCTION", "TEMPORARY"})
_MAY_BE_ENGINE = frozenset(
    {"MEMORY", "LOG", "TINYLOG", "STRIPELOG", "NULL", "SET", "JOIN", "BUFFER", "ATOMIC", "VIEW", "MATERIALIZEDVIEW"}
)


class Kind(StrEnum):
    """What a statement does, as far as the gateway has to know."""

    READ = "read"
    WRITE = "write"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a canonical statement; strings do not appear. `name` is upper-cased, `raw` as written."""

    name: str
    raw: str = ""
    is_quoted: bool = False
    is_name: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """One parsed statement: what it does, and the format it names."""

    text: str
    kind: Kind
    main: str
    format: str | None
    words: tuple[Word, ...]
    bound_identifiers: tuple[str, ...]

    @property
    def is_select(self) -> bool:
        """Whether it can be streamed; SHOW and its like are small and cannot."""
        return self.main in ("SELECT", "WITH", "(")

    @property
    def has_result(self) -> bool:
        return self.kind is Kind.READ and self.main != "USE"


class Grammar:
    """Parses statements with the engine's own parser, and knows which of its functions reach outside."""

    def __init__(self, engine: Any) -> None:
        tables = engine.query("SELECT lower(name) FROM system.table_functions", "TSV").bytes().decode().split()
        outside = (
            "SELECT lower(name) FROM system.functions WHERE categories = 'AI' OR (name ILIKE 'ai%' AND alias_to != '')"
        )
        self._outside_tables = frozenset(tables) - _HARMLESS_TABLE_FUNCTIONS
        self._outside_anywhere = frozenset({"file", *engine.query(outside, "TSV").bytes().decode().split()})

    def parse(self, engine: Any, sql: str) -> Statement:
        """The statement in a text, or the engine's complaint. Two statements are one too many."""
        if len(sql.encode()) > MAX_STATEMENT_BYTES:
            raise GatewayError(SYNTAX_ERROR, f"The statement is longer than {MAX_STATEMENT_BYTES} bytes.")
        if not sql.strip():
            raise GatewayError(SYNTAX_ERROR, "Syntax error: the query is empty.")
        try:
            text = engine.query(
                "SELECT formatQuerySingleLine({q:String})", "RawBLOB", params={"q": escaped(sql)}
            ).bytes()
        except Exception as refused:
            error = engine_error(refused)
            error.text = (
                error.text.split(": In scope SELECT formatQuerySingleLine(", 1)[0].rstrip(". ") + ". (SYNTAX_ERROR)"
            )
            raise error from refused
        canonical = text.decode("utf-8", "replace")
        words = tuple(_words(canonical))
        main = words[0].name if words else ""
        kind = _MAIN_WORDS.get(main)
        if kind is None:
            raise GatewayError(
                ACCESS_DENIED,
                f"{main} is not available here. Allowed: {', '.join(w for w in _MAIN_WORDS if w != '(')}.",
            )
        return Statement(canonical, Kind(kind), main, _format(words), words, _bound_identifiers(canonical))

    def check(self, statement: Statement, parameters: Mapping[str, str], *, may_write: bool) -> None:
        """Raises unless the statement may run for somebody who may write, or may not."""
        if statement.kind is not Kind.READ and not may_write:
            raise GatewayError(
                READONLY, f"Cannot execute {statement.main} in readonly mode: the token needs the scope sql:write."
            )
        self._check_reach(statement.words)
        for name in statement.bound_identifiers:
            self._check_reach(tuple(_words(parameters.get(name, "")[:_LONGEST_NAME])))
        if statement.kind is Kind.WRITE:
            _check_definition(statement)

    def _check_reach(self, words: tuple[Word, ...]) -> None:
        named = _position_of_a_new_name(words)
        for at, (word, following) in enumerate(zip(words, (*words[1:], None), strict=True)):
            name = word.name.lower()
            calls = following is not None and following.name == "(" and at != named
            if word.is_name and (name in self._outside_anywhere or (calls and name in self._outside_tables)):
                raise GatewayError(ACCESS_DENIED, f"'{name}' reaches outside the warehouse, which SQL may not do here.")
            if name.startswith(_SETTINGS_WITH_FILES):
                raise GatewayError(ACCESS_DENIED, f"'{name}' names a file on the server, which SQL may not do here.")
            if following is not None and (word.name, following.name) in (("INTO", "OUTFILE"), ("FROM", "INFILE")):
                raise GatewayError(
                    ACCESS_DENIED, f"{word.name} {following.name} is not available: send or receive the data over HTTP."
                )


# Every branch takes what it begins, closed or not, so that no text is looked at twice.
_GAP = rb"\s|--[^\n]*|#[! ][^\n]*|/\*(?:(?!\*/).)*+(?:\*/)?"
_INSERT = re.compile(rb"(?:" + _GAP + rb")*+INSERT\b", re.IGNORECASE | re.DOTALL)
_INSERT_HEAD = re.compile(
    rb"'(?:[^'\\]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?|\"(?:[^\"\\]|\\.)*+\"?|"
    + _GAP
    + rb"|(?P<format>\bFORMAT\s++(?P<name>\w+)[ \t\r;]*+\n?)|(?P<values>\bVALUES\b)"
    + rb"|(?P<select>\b(?:SELECT|WITH|FROM)\b)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class InsertHead:
    """Where the SQL of an INSERT ends and its data begin."""

    sql: str
    format: str
    data_offset: int


def is_insert(text: bytes) -> bool:
    """Whether a text begins as an INSERT, whatever follows."""
    return _INSERT.match(text) is not None


def insert_head(text: bytes) -> InsertHead | None:
    """The head of an INSERT that brings data; None for any other text, INSERT … SELECT among them."""
    start = _INSERT.match(text)
    if start is None:
        return None
    for match in _INSERT_HEAD.finditer(text, start.end()):
        if match["select"]:
            return None
        if match["format"] or match["values"]:
            name = (match["name"] or b"Values").decode()
            return InsertHead(text[: match.start()].decode("utf-8", "replace"), name, match.end())
    return None


def escaped(text: str) -> str:
    """The text as the value of a query parameter, which the engine reads in its tab-separated form."""
    for plain, code in (
        ("\\", "\\\\"),
        ("\t", "\\t"),
        ("\n", "\\n"),
        ("\r", "\\r"),
        ("\0", "\\0"),
        ("\b", "\\b"),
        ("\f", "\\f"),
    ):
        text = text.replace(plain, code)
    return text


def _words(canonical: str) -> Iterator[Word]:
    for match in _WORD.finditer(canonical):
        if match["word"] is not None:
            yield Word(match["word"].upper(), match["word"])
        elif match["quoted"] is not None or match["double"] is not None:
            raw = match["quoted"] or match["double"] or ""
            yield Word(raw.upper(), raw, is_quoted=True)
        elif match["sign"] is not None:
            yield Word(match["sign"], is_name=False)


def _bound_identifiers(canonical: str) -> tuple[str, ...]:
    """Parameters that stand for names: their values are part of what the statement says."""
    found = (match for match in _WORD.finditer(canonical) if match["bound"])
    return tuple(match["bound"] for match in found if match["type"].strip().lower() == "identifier")


def _position_of_a_new_name(words: tuple[Word, ...]) -> int:
    """Where `CREATE TABLE url (…)` or `INSERT INTO url (…)` names a table: that bracket calls nothing. -1: nowhere."""
    if not words or words[0].name not in ("CREATE", "REPLACE", "INSERT"):
        return -1
    names = [word.name for word in words]
    bracket = names.index("(") if "(" in names else 0
    before = ("INTO", ".") if names[0] == "INSERT" else ("TABLE", "VIEW", "EXISTS", ".")
    return bracket - 1 if bracket > 1 and names[bracket - 2] in before and "AS" not in names[:bracket] else -1


def _format(words: tuple[Word, ...]) -> str | None:
    """The format that the statement itself asks for: the last FORMAT <name> outside of parentheses."""
    found, depth = None, 0
    for before, word, after in zip((None, *words), words, (*words[1:], None), strict=False):
        depth += (word.name == "(") - (word.name == ")")
        is_clause = word.name == "FORMAT" and not word.is_quoted and depth == 0
        if (
            is_clause
            and after is not None
            and after.is_name
            and (before is None or before.name not in ("AS", ".", ","))
        ):
            found = after.raw
    return found


def _check_definition(statement: Statement) -> None:
    """A definition may name engines that keep data here; not those that run programs or read files and URLs."""
    words = [
        word
        for word in statement.words
        if word.name != "OR" and not (word.name == "REPLACE" and word is not statement.words[0])
    ]
    if statement.main == "CREATE" and words[1].name not in _MAY_CREATE:
        raise GatewayError(
            ACCESS_DENIED, f"CREATE {words[1].name} is not available here. Allowed: {', '.join(sorted(_MAY_CREATE))}."
        )
    for word, sign, value in zip(statement.words, statement.words[1:], statement.words[2:], strict=False):
        if word.name == "DISK" and sign.name == "=":
            raise GatewayError(ACCESS_DENIED, "A table may not name a disk: data stay in the warehouse's folder.")
        if word.name == "ENGINE" and not word.is_quoted and sign.name == "=":
            is_tree = value.name.endswith("MERGETREE") and not value.name.startswith("REPLICATED")
            if not is_tree and value.name not in _MAY_BE_ENGINE:
                raise GatewayError(
                    ACCESS_DENIED,
                    f"Engine {value.name} is not available here: use one of the MergeTree family, Memory, Log or Null.",
                )
