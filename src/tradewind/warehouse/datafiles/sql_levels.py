"""What is found in a query: its levels, their SELECTs, and the names of tables that stand in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(eq=False, slots=True)
class Select:
    """One SELECT with its FROM: how many tables it has, and where its clauses begin."""

    tables: int = 0
    clauses: list[tuple[str, int, int]] = field(default_factory=list)
    """Each clause's word, the end of what stands before it, and where the word ends; the last is the SELECT's end."""

    def prewhere(self) -> list[tuple[int, int, str]]:
        """The edits that make of a PREWHERE a part of WHERE, as a subquery in FROM needs it."""
        edits: list[tuple[int, int, str]] = []
        for (word, _, after), (following, end, _) in pairwise(self.clauses):
            if word == "PREWHERE":
                edits += [(after - len(word), after, "WHERE ("), (end, end, ")")]
            elif word == "WHERE" and edits:
                edits += [(after - len(word), after, "AND ("), (end, end, ")")]
            if edits and following != "WHERE":
                break
        return edits


@dataclass(eq=False, slots=True)
class Level:
    """What stands between two brackets, or the whole text: perhaps a query."""

    is_query: bool = False
    first: Reference | Level | None = None
    """The first table of the first SELECT."""
    select: Select = field(default_factory=Select)
    """The SELECT that is being read."""
    points: list[tuple[int, bool]] = field(default_factory=list)
    """Where further common table expressions can be put, and whether a WITH stands before that place."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A place at which a table's name stands."""

    path: tuple[str, ...]
    start: int
    end: int
    is_in: bool
    """Behind IN, where no alias can follow."""
    has_alias: bool
    select: Select = field(repr=False)
    final: tuple[int, int] | None = None
    """Where FINAL and SAMPLE with their numbers stand, behind the name and its alias."""
    cte: Level | None = None
    """The query that a WITH of the text gives this name to."""

    @property
    def name(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is to know about a query's text before it is compiled."""

    text: str
    """Without a semicolon, comments and FORMAT at its end."""
    references: tuple[Reference, ...]
    """Where names stand that the text does not define itself, in the order of the text."""
    functions: tuple[str, ...]
    """The table functions that are used."""
    calls: frozenset[str]
    """All other functions, in lower case."""
    defined: frozenset[str]
    """Names that a WITH defines, anywhere."""
    aliases: frozenset[str]
    """Names that the text gives to expressions and tables with AS."""
    qualified: frozenset[str]
    """Names that stand before a dot."""
    top: Level
    format: str | None = None
