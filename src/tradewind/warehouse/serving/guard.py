"""What a query may read: asked of the engine's own parser, for the very text that is going to run.

A read-only connection is not enough: there the engine still reads files by `file()`, other workspaces' tables, and
several statements in one text. So before a text runs, the engine parses it, and what it names is held against a
list: tables of this release, a few of the engine's own, functions that only compute. A wrong guess about SQL made
elsewhere can then never show a row of another workspace. Verdicts are remembered by text.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from tradewind.warehouse.gateway_statements import escaped
from tradewind.warehouse.serving.errors import SYNTAX_ERROR, NotReadable, QueryRefused
from tradewind.warehouse.serving.syntax import Syntax, read_tree

MAX_QUERY_BYTES = 262_144
"""The engine's own limit on the length of a query."""

TABLE_FUNCTIONS = frozenset(
    "generaterandom null numbers numbers_mt values sqlstandardvalues zeros zeros_mt"
    " generate_series generateseries".split()
)
SYSTEM_TABLES = frozenset({"system.functions", "system.numbers", "system.numbers_mt", "system.one"})
SETTINGS = frozenset(
    """join_use_nulls max_threads optimize_aggregation_in_order group_by_use_nulls transform_null_in
    any_join_distinct_right_table_keys
    aggregate_functions_null_for_empty union_default_mode prefer_column_name_to_alias join_algorithm
    optimize_read_in_order final do_not_merge_across_partitions_select_final max_block_size extremes
    session_timezone date_time_input_format cast_keep_nullable allow_experimental_analyzer enable_analyzer
    date_time_output_format optimize_move_to_prewhere join_default_strictness asterisk_include_alias_columns""".split()
)
"""Settings that a query may name itself: they shape a result, and loosen nothing."""
_MOST_THREADS = 8

# Functions that reach outside, tell of the machine, of other people's queries or of tables by their names, or wait.
_FORBIDDEN_CATEGORIES = ("AI", "Introspection", "Internal", "Dictionary", "Embedded Dictionary", "Machine Learning")
_INTERNAL_ALLOWED = frozenset({"_cast", "casewithexpression", "nested"})
_FORBIDDEN = frozenset(
    """authenticateduser authuser buildid connectionid connection_id currentdatabase current_database database schema
    currenthandler currentprofiles currentqueryid current_query_id currentrequesturl currentroles currentschemas
    current_schemas currentuser current_user user session_user defaultprofiles defaultroles displayname
    enabledprofiles enabledroles file filesystemavailable filesystemcapacity filesystemunreserved fqdn fullhostname
    fuzzquery generateserialid getclienthttpheader getmacro getmaxtablenamelengthfordatabase getmergetreesetting
    getoskernelversion getserverport getserversetting getsetting getsettingordefault globalvariable
    hascolumnintable hasthreadfuzzer hostname initialqueryid initial_query_id initialquerystarttime
    initial_query_start_time joinget joingetornull obfuscatequery obfuscatequerywithseed pggetuserbyid
    pg_get_userbyid pgtableisvisible pg_table_is_visible queryid query_id revision runningconcurrency serveruuid
    shardcount shardnum showcertificate sleep sleepeachrow tcpport transactionid transactionlatestsnapshot
    transactionoldestsnapshot uptime zookeepersessionuptime structuretocapnprotoschema structuretoprotobufschema
    partitionid formatqueryfromjson parsequerytojson icebergbucket icebergtruncate catboostevaluate chdb
    timeseriesidtotags timeseriesidtogroup timeseriesgrouptotags timeseriestagstogroup""".split()
)
# The parser's own words, which stand in the tree like functions.
_OPERATORS = frozenset(
    """in notin globalin globalnotin nullin notnullin globalnullin globalnotnullin exists lambda cast grouping array
    tuple map tupleelement arrayelement if multiif case and or not xor isnull isnotnull like notlike ilike notilike
    any all""".split()
)

_WORD = re.compile(
    r"'(?:[^'\\]|\\.|'')*+'|`(?:[^`\\]|\\.|``)*+`|\"(?:[^\"\\]|\\.)*+\"|[A-Za-z_]\w*|[^\s\w]|\d[\w.]*", re.DOTALL
)
_MAY_HAVE_SETTINGS = re.compile(r"\bSETTINGS\b", re.IGNORECASE)
_REMEMBERED = 20_000


class Ask(Protocol):
    """Runs a text that only looks (EXPLAIN AST and the like) on a read-only connection."""

    def __call__(
        self, sql: str, form: str, parameters: Mapping[str, str], settings: Mapping[str, str] | None = None, /
    ) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """A query that may run."""

    syntax: Syntax
    settings: Mapping[str, str]
    """Those that it names itself; to be set before the connection becomes read-only."""
    is_repeatable: bool
    """Whether the same data give the same answer: nothing in it looks at the clock or throws dice."""


class Guard:
    """Judges texts. Threads may share it."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._functions: dict[str, bool] | None = None
        self._parsed: OrderedDict[tuple[str, tuple[tuple[str, str], ...]], Syntax] = OrderedDict()

    def parse(self, sql: str, bound: Mapping[str, str] | None = None) -> Syntax:
        """What a text names. Raises QueryRefused: 400 for what does not parse, 405 for anything but a SELECT."""
        key = (sql, tuple(sorted((bound or {}).items())))
        with self._lock:
            found = self._parsed.get(key)
        if found is None:
            found = self._parse(sql, bound or {})
            with self._lock:
                self._parsed[key] = found
                while len(self._parsed) > _REMEMBERED:
                    self._parsed.popitem(last=False)
        return found

    def check(self, sql: str, bound: Mapping[str, str], allowed: Collection[str]) -> Verdict:
        """Whether a compiled text may run. `allowed` are its tables, as `database.table` without quotes.

        Raises QueryRefused or NotReadable.
        """
        syntax = self.parse(sql, bound)
        if syntax.format is not None:
            raise QueryRefused("FORMAT stands at the end of a query, and only in /v0/sql.")
        self._check_tables(syntax, allowed)
        known = self._known()
        for name in syntax.table_functions:
            if name.lower() not in TABLE_FUNCTIONS:
                raise NotReadable(f"The table function '{name}' is not available here.")
        called = {name.lower() for name in syntax.functions - syntax.table_functions}
        if syntax.applies:
            called |= self._applied(sql)
        repeatable = True
        for name in called - _OPERATORS:
            verdict = known.get(name, known.get(_without_combinators(name, known)))
            if verdict is None:
                raise _unknown_or_forbidden(name)
            repeatable = repeatable and verdict
        settings = self._settings(sql) if syntax.has_settings else {}
        return Verdict(
            syntax, settings, repeatable and "generaterandom" not in {n.lower() for n in syntax.table_functions}
        )

    def canonical(self, sql: str) -> str:
        """The text as the engine writes it itself: one statement on one line, no comments. Raises QueryRefused."""
        try:
            text = self._ask("SELECT formatQuerySingleLine({q:String})", "RawBLOB", {"q": escaped(sql)})
        except QueryRefused as wrong:
            message = str(wrong).split(": while executing", 1)[0]
            if "Multi-statements" in message:
                raise QueryRefused("Only one statement in a request is available.", engine_code=SYNTAX_ERROR) from wrong
            raise QueryRefused(message, engine_code=wrong.engine_code) from wrong
        return text.decode("utf-8", "replace")

    def _parse(self, sql: str, bound: Mapping[str, str]) -> Syntax:
        if len(sql.encode("utf-8", "surrogatepass")) > MAX_QUERY_BYTES:
            raise QueryRefused(f"The query is longer than {MAX_QUERY_BYTES} bytes.", status=413)
        if not sql.strip():
            raise QueryRefused("The query is empty.")
        # The engine would run what follows a semicolon. Where there is one, only a single statement goes on.
        single = self.canonical(sql) if ";" in sql else sql
        settings = self._settings(single) if _MAY_HAVE_SETTINGS.search(single) else {}
        tree = self._ask(f"EXPLAIN AST {single}", "TSVRaw", bound, settings).decode("utf-8", "replace")
        return read_tree(tree)

    def _check_tables(self, syntax: Syntax, allowed: Collection[str]) -> None:
        for name in syntax.tables:
            # Names without a database are those of WITH: the connection's own database is empty.
            if "." in name and name not in allowed and name not in SYSTEM_TABLES:
                raise NotReadable(f"'{_shown(name)}' cannot be read here.")
        for name in syntax.identifiers:
            first, _, rest = name.partition(".")
            if rest and first.startswith("ws_") and not any(name == t or name.startswith(f"{t}.") for t in allowed):
                raise NotReadable(f"'{_shown(name)}' cannot be read here.")

    def _applied(self, sql: str) -> set[str]:
        """The functions that APPLY names. A lambda there is refused: the tree would not show what it holds."""
        text = self.canonical(sql)
        words = [word for word in _WORD.findall(text) if not word.startswith("'")]
        names: set[str] = set()
        for at, word in enumerate(words):
            if word.upper() != "APPLY":
                continue
            name = next((w for w in words[at + 1 : at + 3] if w != "("), "").strip('`"')
            following = words[at + 2 : at + 5]
            if not re.fullmatch(r"\w+", name) or "-" in following or name.upper() == "SELECT":
                raise QueryRefused("APPLY takes the name of a function here.", status=403)
            names.add(name.lower())
        return names

    def _settings(self, sql: str) -> dict[str, str]:
        """The settings that a query names. Raises QueryRefused for one that could loosen a limit."""
        words = _WORD.findall(self.canonical(sql))
        found: dict[str, str] = {}
        for at, word in enumerate(words):
            if word.upper() != "SETTINGS":
                continue
            at += 1  # noqa: PLW2901 (walks on through the clause)
            while at + 2 < len(words) and words[at + 1] == "=":
                name, value = words[at], words[at + 2]
                if name not in SETTINGS:
                    raise QueryRefused(f"The setting '{name}' cannot be changed by a query.", status=403)
                if name == "max_threads" and not (value.isdigit() and 1 <= int(value) <= _MOST_THREADS):
                    raise QueryRefused(f"max_threads is at most {_MOST_THREADS} here.", status=403)
                found[name] = value.strip("'")
                at += 3  # noqa: PLW2901 (as above)
                if at < len(words) and words[at] == ",":
                    at += 1  # noqa: PLW2901 (as above)
                else:
                    break
        return found

    def _known(self) -> dict[str, bool]:
        """Functions that may be called, in lower case, and whether each gives the same for the same."""
        if self._functions is None:
            text = self._ask(
                "SELECT lower(name), lower(alias_to), categories, is_aggregate, ifNull(deterministic, is_aggregate)"
                " FROM system.functions WHERE origin = 'System'",
                "TSVRaw",
                {},
            ).decode()
            rows = [line.split("\t") for line in text.splitlines()]
            category = {row[0]: row[2] for row in rows}
            known: dict[str, bool] = {}
            for name, alias, own, _, fixed in rows:
                kind = own or category.get(alias, "")
                internal = kind in _FORBIDDEN_CATEGORIES and name not in _INTERNAL_ALLOWED
                if not (internal or name in _FORBIDDEN or alias in _FORBIDDEN or name.startswith(("__", "ai"))):
                    # Of what is not called deterministic, arrayJoin and its like still repeat themselves.
                    known[name] = fixed == "1" or name in _REPEATABLE
            self._functions = known
        return self._functions


_REPEATABLE = frozenset(
    """arrayjoin unnest isconstant tocolumntypename lowcardinalityindices lowcardinalitykeys neighbor runningdifference
    runningaccumulate runningdifferencestartingwithfirstvalue arraypartialsort arraypartialreversesort""".split()
)
_COMBINATORS = (
    "if array map simplestate state merge mergestate foreach distinct ordefault ornull resample argmin argmax".split()
)


def _without_combinators(name: str, known: Mapping[str, bool]) -> str:
    """The aggregate function inside `sumIfState`: the engine lists names without what is hung on them."""
    while name not in known:
        shorter = next((name.removesuffix(end) for end in _COMBINATORS if name.endswith(end) and name != end), None)
        if shorter is None:
            break
        name = shorter
    return name


def _unknown_or_forbidden(name: str) -> QueryRefused | NotReadable:
    if name in _FORBIDDEN or name.startswith(("dict", "ai", "__")):
        return NotReadable(f"The function '{name}' is not available here.")
    return QueryRefused(f"There is no function '{name}' here.", engine_code=46)


def _shown(name: str) -> str:
    """A table's name as people know it."""
    database, _, table = name.partition(".")
    return table.partition("__")[0] if database.startswith("ws_") else name
