"""Tags: cuts a template into text, expressions and statements, and puts its blocks together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tradewind.warehouse.datafiles.model import Place
from tradewind.warehouse.datafiles.templates.blocks import (
    Block,
    Body,
    Break,
    Continue,
    For,
    If,
    Leave,
    Print,
    Set,
    Text,
    Try,
    While,
)
from tradewind.warehouse.datafiles.templates.closing import closing
from tradewind.warehouse.datafiles.templates.errors import refused
from tradewind.warehouse.datafiles.templates.expressions import Parser, read_expression
from tradewind.warehouse.datafiles.templates.nodes import Expression, Function, Node, Subscript, cut

DEEPEST = 40
LONGEST = 400_000
MOST_TAGS = 20_000
_OPENING = re.compile(r"\{[{%#]")
_STATEMENT = re.compile(r"\s*([A-Za-z_]+)(.*)", re.DOTALL)
_REFUSED = frozenset("import from extends include module raw apply block autoescape whitespace".split())
_EXCEPT = re.compile(
    r"\s*(?:\(?\s*(?P<kinds>[A-Za-z_][\w, .]*?)\s*\)?)?(?:\s+as\s+(?P<name>[A-Za-z]\w*))?\s*", re.ASCII
)
_ENDS = frozenset({"end", "elif", "else", "except", "finally"})
_AUGMENTED = ("+=", "-=", "*=")


@dataclass(frozen=True, slots=True)
class Tag:
    """One piece of a template before its blocks are put together."""

    kind: str
    """text, print or statement."""
    text: str
    offset: int
    word: str = ""
    """A statement's first word."""


def tags(text: str, at_place: Callable[[int], Place]) -> Iterator[Tag]:
    """The template's pieces. Raises TemplateError for a tag that is not closed."""
    written: list[str] = []
    at = 0
    while at < len(text):
        match = _OPENING.search(text, at)
        if match is None:
            written.append(text[at:])
            break
        start = match.start()
        while text[start : start + 3] == "{{{":
            start += 1
        written.append(text[at:start])
        mark = text[start + 1]
        if text[start + 2 : start + 3] == "!":
            written.append("{" + mark)
            at = start + 3
            continue
        if mark not in "{%#":
            written.append("{")
            at = start + 1
            continue
        end = _end_of_tag(text, start + 2, mark)
        if end is None:
            raise refused(f"'{{{mark}' is not closed.", at_place(start))
        if any(written):
            yield Tag("text", "".join(written), start)
        written = []
        at = end + 2
        if mark != "#":
            yield _tag(text[start + 2 : end], start + 2, mark, at_place)
    if any(written):
        yield Tag("text", "".join(written), at)


def _end_of_tag(text: str, start: int, mark: str) -> int | None:
    end = {"{": "}}", "%": "%}", "#": "#}"}[mark]
    first = text.find(end, start)
    if first < 0 or mark == "#" or text[start:first].lstrip().startswith("comment"):
        return None if first < 0 else first
    # An end inside a string or a dictionary is none; where quotes do not match, the first one is.
    inside = closing(text, start, end)
    return first if inside is None else inside


def _tag(text: str, offset: int, mark: str, at_place: Callable[[int], Place]) -> Tag:
    if not text.strip():
        raise refused("a tag is empty.", at_place(offset))
    if mark == "{":
        return Tag("print", text, offset)
    match = _STATEMENT.fullmatch(text)
    if match is None:
        raise refused(f"'{cut(text)}' is no statement.", at_place(offset))
    return Tag("statement", match[2], offset + match.start(2), match[1])


class Reader:
    """Puts a template's tags together to blocks."""

    def __init__(self, text: str, place: Place, functions: Mapping[str, Function]) -> None:
        if len(text) > LONGEST:
            raise refused(f"A template is longer than {LONGEST} characters.", place)
        if "\x01" in text:
            raise refused("A template holds a control character.", place)
        self.text = text
        self.start = place
        self.functions = functions
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.depth = 0
        self.loops = 0
        # One by one: behind a tag that cannot be read, no other is looked for.
        self.tags = tags(text, self.place)
        self.count = 0

    def place(self, offset: int) -> Place:
        line = bisect_right(self.lines, offset) - 1
        column = offset - self.lines[line] + 1
        return Place(self.start.file, self.start.line + line, column if line else self.start.column + column - 1)

    def read(self) -> Body:
        body, end = self._body()
        if end is not None:
            raise refused(f"{{% {end.word} %}} belongs to nothing.", self.place(end.offset))
        return body

    def _body(self) -> tuple[Body, Tag | None]:
        """Blocks up to a tag that ends them, and that tag."""
        blocks: list[Block] = []
        for tag in self.tags:
            self.count += 1
            if self.count > MOST_TAGS:
                raise refused(f"A template has more than {MOST_TAGS} tags and texts.", self.start)
            if tag.kind == "text":
                blocks.append(Text(tag.text))
            elif tag.kind == "print":
                blocks.append(Print(self._expression(tag.text, tag.offset, strict=True)))
            elif tag.word in _ENDS:
                return Body(tuple(blocks)), tag
            elif (block := self._statement(tag)) is not None:
                blocks.append(block)
        return Body(tuple(blocks)), None

    def _expression(self, text: str, offset: int, *, strict: bool) -> Expression:
        lead = len(text) - len(text.lstrip())
        return read_expression(text, self.place(offset + lead), self.functions, strict=strict)

    def _statement(self, tag: Tag) -> Block | None:
        match tag.word:
            case "if":
                return self._nested(self._if, tag)
            case "for":
                return self._nested(self._for, tag)
            case "while":
                return self._nested(self._while, tag)
            case "try":
                return self._nested(self._try, tag)
            case "set":
                return self._set(tag)
            case "break" | "continue":
                return self._leave(tag)
            case "comment":
                return None
        place = self.place(tag.offset)
        if tag.word in _REFUSED:
            raise refused(f"{{% {tag.word} %}} is not allowed in a pipe.", place)
        hint = " Write {% end %}." if tag.word.startswith("end") else ""
        raise refused(f"there is no statement {{% {tag.word} %}}.{hint}", place)

    def _nested(self, read: Callable[[Tag], Block], tag: Tag) -> Block:
        self.depth += 1
        if self.depth > DEEPEST:
            raise refused(f"blocks are nested deeper than {DEEPEST} levels.", self.place(tag.offset))
        block = read(tag)
        self.depth -= 1
        return block

    def _inner(self, opening: Tag, ends: tuple[str, ...]) -> tuple[Body, Tag]:
        body, end = self._body()
        if end is None:
            raise refused(f"{{% {opening.word} %}} has no {{% end %}}.", self.place(opening.offset))
        if end.word not in ends:
            raise refused(f"{{% {end.word} %}} belongs to no {opening.word}.", self.place(end.offset))
        return body, end

    def _if(self, tag: Tag) -> Block:
        branches: list[tuple[Expression | None, Body]] = []
        condition: Expression | None = self._expression(tag.text, tag.offset, strict=False)
        opening = tag
        while True:
            ends = ("end",) if condition is None else ("elif", "else", "end")
            body, end = self._inner(opening, ends)
            branches.append((condition, body))
            if end.word == "end":
                return If(tuple(branches))
            condition = self._expression(end.text, end.offset, strict=False) if end.word == "elif" else None

    def _loop(self, tag: Tag) -> tuple[Body, Body | None]:
        self.loops += 1
        body, end = self._inner(tag, ("else", "end"))
        self.loops -= 1
        otherwise = self._inner(tag, ("end",))[0] if end.word == "else" else None
        return body, otherwise

    def _for(self, tag: Tag) -> Block:
        parser = Parser(tag.text, self.place(tag.offset), self.functions, strict=False)
        targets = parser.targets()
        parser.expect("in")
        items = self._expression(tag.text[parser.word.offset :], tag.offset + parser.word.offset, strict=False)
        return For(targets, items, *self._loop(tag))

    def _while(self, tag: Tag) -> Block:
        return While(self._expression(tag.text, tag.offset, strict=False), *self._loop(tag))

    def _try(self, tag: Tag) -> Block:
        body, end = self._inner(tag, ("except", "finally", "end"))
        handlers: list[tuple[tuple[str, ...], str | None, Body]] = []
        otherwise: Body | None = None
        finally_: Body | None = None
        while end.word != "end":
            opening = end
            inner, end = self._inner(tag, ("except", "else", "finally", "end"))
            if opening.word == "except":
                handlers.append((*self._caught(opening), inner))
            elif opening.word == "else":
                otherwise = inner
            else:
                finally_ = inner
        return Try(body, tuple(handlers), otherwise, finally_)

    def _caught(self, tag: Tag) -> tuple[tuple[str, ...], str | None]:
        match = _EXCEPT.fullmatch(tag.text)
        if match is None:
            raise refused(f"'except{tag.text[:30]}' cannot be read.", self.place(tag.offset))
        return tuple(re.findall(r"[A-Za-z_]\w*", match["kinds"] or "")), match["name"]

    def _leave(self, tag: Tag) -> Block:
        if not self.loops:
            raise refused(f"{{% {tag.word} %}} stands outside of a loop.", self.place(tag.offset))
        return Leave(Break if tag.word == "break" else Continue)

    def _set(self, tag: Tag) -> Block:
        place = self.place(tag.offset)
        found = _assignment(tag.text)
        if found is None:
            return Set((), None, "", self._expression(tag.text, tag.offset, strict=False))
        at, operator = found
        parser = Parser(tag.text[:at], place, self.functions, strict=False)
        value = self._expression(tag.text[at + len(operator) :], tag.offset + at + len(operator), strict=False)
        if _is_item(parser):
            node: Node = parser.expression()
            parser.expect_end()
            if not isinstance(node, Subscript) or operator != "=":
                raise refused(f"'{cut(tag.text)}' cannot be given a value.", place)
            return Set((), node, operator, value)
        targets = parser.targets()
        parser.expect_end()
        if operator != "=" and len(targets) != 1:
            raise refused(f"'{operator}' gives a value to one name only.", place)
        return Set(targets, None, operator, value)


def _is_item(parser: Parser) -> bool:
    return any(word.kind == "operator" and word.text == "[" for word in parser.words)


def _assignment(text: str) -> tuple[int, str] | None:
    """Where the first `=` stands that is no comparison and no keyword of a call, with its operator."""
    at = closing(text, 0, "=")
    if at is None or text[at + 1 : at + 2] == "=" or text[at - 1 : at] in ("!", "<", ">"):
        return None
    operator = text[at - 1 : at + 1]
    return (at - 1, operator) if operator in _AUGMENTED else (at, "=")
