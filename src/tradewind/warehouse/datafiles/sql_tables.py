"""Which words of a query name tables.

Not a parser of all of SQL: it knows where a query begins inside brackets, what its WITH defines, and the places at
which a table's name stands. What it takes for a table is replaced by a qualified name; what it misses stays a name
that the engine does not know, never another table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from tradewind.warehouse.datafiles.sql_levels import Analysis, Level, Reference, Select
from tradewind.warehouse.datafiles.sql_words import SqlError, near, words
from tradewind.warehouse.datafiles.templates.values import MARK

MOST_WORDS = 100_000
DEEPEST = 120

_TOUCHES = re.compile(r"[\w$'\"`]")
_SET_WORDS = frozenset({"UNION", "EXCEPT", "INTERSECT"})
_CLAUSES = frozenset(
    "WHERE PREWHERE GROUP HAVING ORDER LIMIT OFFSET FETCH WINDOW QUALIFY SETTINGS FORMAT SELECT".split()
)
_BEFORE_VALUE = _CLAUSES | frozenset("AND OR NOT ON BY WHEN THEN ELSE CASE BETWEEN LIKE IN AS DISTINCT WITH".split())
_NO_ALIAS = (
    frozenset(
        """FINAL SAMPLE ARRAY LEFT RIGHT INNER CROSS FULL OUTER ANY ALL ASOF SEMI ANTI GLOBAL LOCAL PASTE NATURAL JOIN
        ON USING INTO WITH AS FROM STRICT""".split()
    )
    | _CLAUSES
    | _SET_WORDS
)


def analyze(text: str) -> Analysis:
    """Which tables a query names. Raises SqlError for what is no single SELECT."""
    return _Reader(text).read()


def expression_references(text: str) -> Analysis:
    """The same for an expression, such as the condition of a row filter."""
    return _Reader(text).read(is_expression=True)


@dataclass(slots=True)
class _Scope:
    """The names that a WITH has defined, seen from one place."""

    names: dict[str, Level]

    def extended(self) -> _Scope:
        return _Scope(dict(self.names))


class _Reader:
    """Reads words from left to right. Levels are read by recursion; `at` is the next word's index."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = list(islice(words(text), MOST_WORDS + 1))
        if len(self.words) > MOST_WORDS:
            raise SqlError(f"The query has more than {MOST_WORDS} words.")
        if "\x01" in text:
            self._check_marks()
        self.upper = [word.text.upper() if word.kind == "word" else "" for word in self.words]
        self.at = 0
        self.depth = 0
        self.references: list[Reference] = []
        self.functions: list[str] = []
        self.calls: set[str] = set()
        self.defined: set[str] = set()
        self.aliases: set[str] = set()
        self.table_aliases: set[str] = set()
        self.format: str | None = None
        self.end = len(text)

    def _check_marks(self) -> None:
        """Refuses a value that is not a word of its own: one inside of quotes, or one that touches another word."""
        for word in self.words:
            if "\x01" not in word.text:
                continue
            before, after = self.text[word.start - 1 : word.start], self.text[word.end : word.end + 1]
            if word.text != MARK or _TOUCHES.match(before) or before == "." or _TOUCHES.match(after):
                raise SqlError(
                    "A value of a template stands inside of quotes, or touches another word. Values are printed with "
                    f"quotes of their own: write concat('%', {{{{String(x)}}}}, '%'). {near(self.text, word.start)}"
                )

    # Looking at words

    def keyword(self, ahead: int = 0) -> str:
        """The next word in capitals if it is one without quotes."""
        at = self.at + ahead
        return self.upper[at] if 0 <= at < len(self.upper) else ""

    def sign(self, ahead: int = 0) -> str:
        at = self.at + ahead
        word = self.words[at] if 0 <= at < len(self.words) else None
        return word.text if word is not None and word.kind == "sign" else ""

    def is_name(self, ahead: int = 0) -> bool:
        at = self.at + ahead
        return 0 <= at < len(self.words) and self.words[at].kind in ("word", "quoted")

    def wrong(self, message: str) -> SqlError:
        at = self.words[min(self.at, len(self.words) - 1)].start if self.words else 0
        return SqlError(f"{message}: {near(self.text, at)}.")

    # The whole text

    def read(self, *, is_expression: bool = False) -> Analysis:
        self._cut_end()
        if not self.words:
            raise SqlError("There is no query: the SQL is empty.")
        top = Level()
        first = self._first_word()
        if not is_expression:
            if first not in ("SELECT", "WITH", "FROM"):
                raise SqlError(f"Only SELECT can be run, not '{self.words[0].text}'.")
            self._cut_format()
        self._level(top, _Scope({}))
        if self.at < len(self.words):
            raise self.wrong("A bracket is closed that was never opened")
        if is_expression and top.is_query:
            raise SqlError("A condition is no query.")
        names = {word.name for word in self.words if word.kind in ("word", "quoted")}
        qualified = {
            word.name
            for word, following in zip(self.words, self.words[1:], strict=False)
            if following.text == "." and word.kind in ("word", "quoted") and word.name in names
        }
        own = {reference.path[-1] for reference in self.references if not reference.is_in}
        return Analysis(
            text=self.text[: self.end],
            references=tuple(reference for reference in self.references if self._is_table(reference)),
            functions=tuple(self.functions),
            calls=frozenset(self.calls),
            defined=frozenset(self.defined),
            aliases=frozenset(self.aliases | self.table_aliases | own),
            qualified=frozenset(qualified),
            top=top,
            format=self.format,
        )

    def _is_table(self, reference: Reference) -> bool:
        if reference.cte is not None:
            return False
        return not (reference.is_in and len(reference.path) == 1 and reference.path[0] in self.aliases)

    def _first_word(self) -> str:
        at = 0
        while at < len(self.words) and self.words[at].text == "(":
            at += 1
        return self.upper[at] if at < len(self.upper) else ""

    def _cut_end(self) -> None:
        """Leaves out what is behind the query: semicolons, and comments with them."""
        while self.words and self.words[-1].text == ";" and self.words[-1].kind == "sign":
            self.words.pop()
            self.upper.pop()
        self.end = self.words[-1].end if self.words else 0
        for word in self.words:
            if word.text == ";" and word.kind == "sign":
                raise SqlError(
                    f"Only one query can be run at a time; a second one begins at {near(self.text, word.start)}."
                )

    def _cut_format(self) -> None:
        if len(self.words) > 2 and self.upper[-2] == "FORMAT" and self.words[-1].kind == "word":
            before = self.words[-3].text
            if before not in (",", ".") and self.upper[-3] not in ("SELECT", "AS", "BY", "WHERE", "AND", "OR"):
                self.format = self.words[-1].text
                del self.words[-2:], self.upper[-2:]
                self.end = self.words[-1].end

    # Levels

    def _level(self, level: Level, scope: _Scope) -> None:
        """Everything up to the bracket that closes the level, which stays the next word."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(f"Brackets are nested deeper than {DEEPEST} levels")
        state = ""
        is_start = True
        while self.at < len(self.words) and self.sign() != ")":
            keyword = self.keyword()
            if self.sign(-1) == ".":
                keyword = ""
            if is_start and keyword in ("WITH", "FROM", "SELECT"):
                level.is_query = True
                if keyword == "WITH":
                    scope = self._with(scope, level)
                    is_start = False
                    continue
                if not level.points:
                    level.points.append((self.words[self.at].start, False))
            if is_start and self.sign() == "(":
                inner = self._bracket(scope)
                level.points += inner.points
                level.first = level.first or inner
                level.is_query = level.is_query or (inner.is_query and self.keyword() in _SET_WORDS)
                is_start = False
                continue
            if keyword in _SET_WORDS and self._begins_select(1):
                self._note_clause(level, "")
                level.select = Select()
            is_set = keyword in _SET_WORDS or (is_start and keyword in ("ALL", "DISTINCT"))
            state = self._step(level, scope, state, keyword)
            is_start = is_set
        self._note_clause(level, "")
        self.depth -= 1

    def _step(self, level: Level, scope: _Scope, state: str, keyword: str) -> str:
        """Reads on by one word, name or bracket; returns in which part of a query what follows stands."""
        if keyword == "SELECT":
            level.is_query = True
        if level.is_query:
            changed = self._clause(level, scope, state, keyword)
            if changed is not None:
                return changed
        if keyword == "IN" and self.is_name(1):
            self.at += 1
            self._in(level, scope)
        elif keyword == "AS" and self.is_name(1):
            self.aliases.add(self.words[self.at + 1].name)
            self.at += 2
        elif self.sign() == "(":
            self._bracket(scope)
        else:
            if self.is_name() and self.sign(1) == "(" and not self._is_operator(keyword):
                self.calls.add(self.words[self.at].name.lower())
            self.at += 1
        return state

    def _is_operator(self, keyword: str) -> bool:
        """Whether a word before a bracket calls nothing. `in(x, t)` calls: what stands before it is no value."""
        if keyword != "IN":
            return keyword in ("AND", "OR", "NOT", "AS", "BY")
        before = self.at - 2 if self.keyword(-1) in ("NOT", "GLOBAL") else self.at - 1
        before -= before >= 0 and self.upper[before] == "GLOBAL"
        if before < 0:
            return False
        word = self.words[before]
        if word.kind == "sign":
            return word.text in (")", "]", "}")
        return self.upper[before] not in _BEFORE_VALUE

    def _clause(self, level: Level, scope: _Scope, state: str, keyword: str) -> str | None:
        """What a word means for the part of a query that follows it; None if nothing."""
        if keyword == "FROM" and not self._is_no_table():
            self.at += 1
            return self._table(level, scope)
        if keyword == "JOIN":
            self.at += 1
            return "array" if self.keyword(-2) == "ARRAY" else self._table(level, scope)
        if self.sign() == "," and state in ("from", "on"):
            self.at += 1
            return self._table(level, scope)
        if keyword in ("ON", "USING") and state in ("from", "on", "using"):
            self.at += 1
            return keyword.lower()
        if keyword == "INTO":
            raise self.wrong("A query cannot write; INTO is not allowed")
        if keyword in _CLAUSES and state:
            self._note_clause(level, keyword)
            self.at += 1
            return "clause"
        return None

    def _note_clause(self, level: Level, keyword: str) -> None:
        before = self.words[self.at - 1].end if self.at else 0
        after = self.words[self.at].end if self.at < len(self.words) else before
        level.select.clauses.append((keyword, before, after))

    def _begins_select(self, ahead: int) -> bool:
        """Whether a SELECT stands there, perhaps in brackets: `* EXCEPT (x)` is no set operation."""
        while self.keyword(ahead) in ("ALL", "DISTINCT") or self.sign(ahead) == "(":
            ahead += 1
        return self.keyword(ahead) in ("SELECT", "WITH", "FROM")

    def _is_no_table(self) -> bool:
        """`a IS [NOT] DISTINCT FROM b` compares, and `WITH FILL FROM 1` counts."""
        before = self.keyword(-1)
        return before == "FILL" or (before == "DISTINCT" and self.keyword(-2) in ("IS", "NOT"))

    def _bracket(self, scope: _Scope) -> Level:
        inner = Level()
        self.at += 1
        self._level(inner, scope.extended())
        if self.sign() != ")":
            raise self.wrong("A bracket is not closed")
        self.at += 1
        return inner

    # WITH

    def _with(self, outer: _Scope, level: Level) -> _Scope:
        scope = outer.extended()
        self.at += 1
        is_recursive = self.keyword() == "RECURSIVE"
        self.at += is_recursive
        level.points.append((self.words[self.at - 1].end, True))
        while True:
            if not self._common_table(scope, is_recursive=is_recursive):
                self._with_expression(scope)
            if self.sign() != ",":
                return scope
            self.at += 1

    def _common_table(self, scope: _Scope, *, is_recursive: bool) -> bool:
        """Reads `name [(columns)] AS [MATERIALIZED] (query)` if it stands here."""
        start = self.at
        if not self.is_name():
            return False
        name = self.words[self.at].name
        self.at += 1
        if self.sign() == "(":
            self._skip_bracket()
        if self.keyword() == "AS":
            self.at += 1
            while self.keyword() in ("NOT", "MATERIALIZED"):
                self.at += 1
            if self.sign() == "(":
                body = Level()
                inner = scope.extended()
                if is_recursive:
                    inner.names[name] = body
                self.at += 1
                self._level(body, inner)
                if self.sign() != ")":
                    raise self.wrong("A bracket is not closed")
                self.at += 1
                scope.names[name] = body
                self.defined.add(name)
                return True
        self.at = start
        return False

    def _skip_bracket(self) -> None:
        depth = 0
        while self.at < len(self.words):
            depth += {"(": 1, ")": -1}.get(self.sign(), 0)
            self.at += 1
            if depth == 0:
                return

    def _with_expression(self, scope: _Scope) -> None:
        """`expression AS name`: read up to the comma or the SELECT behind it."""
        inner = Level()
        while self.at < len(self.words) and self.sign() not in (")", ","):
            keyword = self.keyword() if self.sign(-1) != "." else ""
            if keyword == "SELECT" or (keyword == "FROM" and not self._is_no_table()):
                return
            before = self.at
            if self.sign() == "[" or self.sign() == "{":
                self._skip_list(scope, inner)
            else:
                self._step(inner, scope, "", keyword)
            if self.at == before:
                self.at += 1

    def _skip_list(self, scope: _Scope, inner: Level) -> None:
        """An array or a map, whose commas end nothing."""
        depth = 0
        while self.at < len(self.words) and self.sign() != ")":
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(self.sign(), 0)
            self._step(inner, scope, "", self.keyword())
            if depth == 0:
                return

    # Tables

    def _table(self, level: Level, scope: _Scope) -> str:
        """What stands behind FROM, JOIN or a comma of theirs, with its alias."""
        level.select.tables += 1
        if self.sign() == "(":
            if self.keyword(1) not in ("SELECT", "WITH", "FROM", "VALUES") and self.sign(1) != "(":
                raise self.wrong("A bracket in FROM holds no SELECT")
            inner = self._bracket(scope)
            level.first = level.first or inner
            self._alias()
            return "from"
        if not self.is_name():
            raise self.wrong("A table's name is missing")
        start = self.words[self.at].start
        path = [self.words[self.at].name]
        self.at += 1
        while self.sign() == "." and self.is_name(1):
            path.append(self.words[self.at + 1].name)
            self.at += 2
        end = self.words[self.at - 1].end
        if self.sign() == "(":
            self.functions.append(".".join(path))
            self._bracket(scope)
            self._alias()
            return "from"
        has_alias = self._alias()
        final = self._final()
        cte = scope.names.get(path[0]) if len(path) == 1 else None
        reference = Reference(tuple(path), start, end, False, has_alias, level.select, final, cte)
        level.first = level.first or reference
        self.references.append(reference)
        return "from"

    def _alias(self) -> bool:
        if self.keyword() == "AS" and self.is_name(1):
            self.table_aliases.add(self.words[self.at + 1].name)
            self.at += 2
            return True
        if self.is_name() and self.keyword() not in _NO_ALIAS:
            self.table_aliases.add(self.words[self.at].name)
            self.at += 1
            return True
        return False

    def _final(self) -> tuple[int, int] | None:
        """FINAL and SAMPLE a/b OFFSET c/d, if they stand here."""
        if self.keyword() not in ("FINAL", "SAMPLE"):
            return None
        start = self.at
        self.at += self.keyword() == "FINAL"
        if self.keyword() == "SAMPLE":
            self.at += 1
            self._ratio()
            if self.keyword() == "OFFSET":
                self.at += 1
                self._ratio()
        return self.words[start].start, self.words[self.at - 1].end

    def _ratio(self) -> None:
        while self.at < len(self.words) and (self.words[self.at].kind == "number" or self.sign() == "/"):
            self.at += 1

    def _in(self, level: Level, scope: _Scope) -> None:
        """`x IN name`: a table, if the name is one's."""
        start = self.words[self.at].start
        path = [self.words[self.at].name]
        after = self.at + 1
        self.at = after
        while self.sign() == "." and self.is_name(1):
            path.append(self.words[self.at + 1].name)
            self.at += 2
        if self.sign() in ("(", "["):
            self.at = after - 1
            if self.sign(1) == "(":
                self.calls.add(path[0].lower())
            self.at = after
            return
        end = self.words[self.at - 1].end
        cte = scope.names.get(path[0]) if len(path) == 1 else None
        self.references.append(Reference(tuple(path), start, end, True, True, level.select, None, cte))
