"""A query as the engine's own parser sees it, read from `EXPLAIN AST`: tables, functions, format, settings.

Nothing of the query runs for this. The answer is a tree drawn with indentation; a name in a query may hold line
breaks and so draw lines of its own, so the tree is read strictly: each node has to stand where its parent's count of
children puts it. What was drawn by a name can then only add to what is found, never hide anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tradewind.warehouse.serving.errors import QueryRefused

_LINE = re.compile(
    r"(?P<indent> *)(?P<kind>[A-Za-z][\w:]*)(?P<rest>.*?)(?: \(children (?P<children>\d+)\))?\s*", re.DOTALL
)
_ALIAS = re.compile(r" \(alias .*\)$|^\(alias .*\)$", re.DOTALL)
_MOST_NODES = 50_000

# Kinds of nodes whose children are all drawn. A kind that is not here might hide something: it is refused.
_KNOWN = frozenset(
    """SelectWithUnionQuery SelectIntersectExceptQuery ExpressionList SelectQuery WithElement Subquery Asterisk
    QualifiedAsterisk TablesInSelectQuery TablesInSelectQueryElement TableExpression TableIdentifier TableJoin
    ArrayJoin Function Identifier Literal OrderByElement StorageOrderByElement WindowDefinition WindowListElement
    InterpolateElement SampleRatio ColumnsRegexpMatcher ColumnsListMatcher QualifiedColumnsRegexpMatcher
    QualifiedColumnsListMatcher ColumnsTransformerList ColumnsExceptTransformer ColumnsReplaceTransformer
    ColumnsReplaceTransformer::Replacement Set NameTypePair DataType ColumnsApplyTransformer""".split()
)
_IN = re.compile(r"(?:global)?(?:not)?(?:null)?in(?:ignoreset)?", re.IGNORECASE)


@dataclass(slots=True)
class Node:
    kind: str
    name: str
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.children


@dataclass(frozen=True, slots=True)
class Syntax:
    """What one query names."""

    tables: frozenset[str]
    """As written: `name`, or `database.name`. Names of WITH are among them."""
    identifiers: frozenset[str]
    """Columns, aliases and the like."""
    table_functions: frozenset[str]
    functions: frozenset[str]
    format: str | None
    has_settings: bool
    applies: bool
    """Whether it has APPLY, whose function the tree does not name."""


def read_tree(text: str) -> Syntax:
    """What the tree of a query says. Raises QueryRefused for anything but one SELECT, and for what it cannot judge."""
    root = _parsed(text)
    if root.kind not in ("SelectWithUnionQuery", "SelectIntersectExceptQuery"):
        raise QueryRefused(_ONLY_SELECT, status=405)
    form: str | None = None
    # Beside the list of SELECTs, a query has its format, its settings, or the file it wants to write.
    body, extra = root.children[:1], root.children[1:]
    if root.kind == "SelectWithUnionQuery":
        for node in extra:
            if node.kind == "Identifier" and form is None:
                form = node.name
            elif node.kind != "Set":
                raise QueryRefused("INTO OUTFILE is not available: the answer comes over HTTP.", status=403)
    else:
        body = root.children
    found = _Found()
    for node in [*body, *(node for node in extra if node.kind == "Set")]:
        found.take(node)
    return Syntax(
        frozenset(found.tables),
        frozenset(found.identifiers),
        frozenset(found.table_functions),
        frozenset(found.functions),
        form,
        found.has_settings,
        found.applies,
    )


_ONLY_SELECT = "Only SELECT queries are available here, one in a request."


class _Found:
    def __init__(self) -> None:
        self.tables: set[str] = set()
        self.identifiers: set[str] = set()
        self.table_functions: set[str] = set()
        self.functions: set[str] = set()
        self.has_settings = self.applies = False

    def take(self, root: Node) -> None:
        for node in root.walk():
            self._take_one(node)
            if node.kind == "TableExpression":
                self.table_functions |= {child.name for child in node.children if child.kind == "Function"}

    def _take_one(self, node: Node) -> None:
        if node.kind not in _KNOWN:
            raise QueryRefused(f"This query has a part ({node.kind}) that is not available here.", status=403)
        if node.kind == "TableIdentifier":
            self.tables.add(node.name)
        elif node.kind == "Identifier":
            self.identifiers.add(node.name)
        elif node.kind == "Function":
            self.functions.add(node.name)
            if _IN.fullmatch(node.name):
                # `x IN name` reads a table of that name, if there is one.
                sides = [side for child in node.children for side in child.children[1:]]
                self.tables |= {side.name for side in sides if side.kind == "Identifier"}
        self.has_settings |= node.kind == "Set"
        self.applies |= node.kind == "ColumnsApplyTransformer"


def _parsed(text: str) -> Node:
    lines = text.rstrip("\n").split("\n")
    if len(lines) > _MOST_NODES:
        raise QueryRefused("The query is too long.", status=413)
    path: list[tuple[Node, int]] = []
    root: Node | None = None
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None or (root is not None and not path):
            raise _unreadable()
        depth, expected = len(match["indent"]), int(match["children"] or 0)
        node = Node(match["kind"], _ALIAS.sub("", match["rest"]).strip())
        if depth != len(path):
            raise _unreadable()
        if path:
            path[-1][0].children.append(node)
        root = root or node
        path.append((node, expected))
        while path and len(path[-1][0].children) == path[-1][1]:
            path.pop()
    if root is None or path:
        raise _unreadable()
    return root


def _unreadable() -> QueryRefused:
    return QueryRefused("The query holds a name that cannot be judged. Use names without line breaks.", status=403)
