"""Reads expressions: a part of Python's, without anything that reaches out of a template.

Two rules apply. In `{{ }}` an expression is *strict*: no comparisons, no and/or, few methods. In `{% %}` it is not.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from tradewind.warehouse.datafiles.model import Place
from tradewind.warehouse.datafiles.templates.closing import closing
from tradewind.warehouse.datafiles.templates.errors import TemplateError, refused
from tradewind.warehouse.datafiles.templates.nodes import (
    Binary,
    Call,
    Comparison,
    Comprehension,
    Conditional,
    Constant,
    Dictionary,
    Expression,
    Formatted,
    Function,
    Logic,
    MethodCall,
    Name,
    Node,
    Sequence,
    Slice,
    Subscript,
    Unary,
)
from tradewind.warehouse.datafiles.templates.words import Word, shortened, words

LONGEST = 20_000
DEEPEST = 60
MOST_WORDS = 4_000
CONSTANTS = {"True": True, "False": False, "None": None, "true": True, "false": False, "null": None, "none": None}
_RESERVED = frozenset(
    "and or not in is if else elif for while lambda def class return yield await async import from as with try except"
    " finally raise global nonlocal del pass assert break continue".split()
)
_STRICT_METHODS = frozenset({"split", "get", "join", "replace"})
_STRICT_OPERATORS = frozenset("+-*")
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "is", "not"})
_SUMS = frozenset("+-")
_PRODUCTS = frozenset({"*", "/", "//", "%"})


def read_expression(text: str, place: Place, functions: Mapping[str, Function], *, strict: bool) -> Expression:
    """A whole expression. Raises TemplateError for what is none, and for what a template may not do."""
    if len(text) > LONGEST:
        raise refused(f"An expression is longer than {LONGEST} characters.", place)
    parser = Parser(text, place, functions, strict=strict)
    root = parser.expression_list() if not strict else parser.expression()
    parser.expect_end()
    return Expression(text.strip(), place, root)


class Parser:
    """Goes over the words of one expression from left to right; each method reads what binds tighter."""

    def __init__(
        self, text: str, place: Place, functions: Mapping[str, Function], *, strict: bool, depth: int = 0
    ) -> None:
        self.text = text
        self.place = place
        self.functions = functions
        self.strict = strict
        self.words = words(text, place)
        self.at = 0
        self.depth = depth
        if len(self.words) > MOST_WORDS:
            raise refused(f"An expression has more than {MOST_WORDS} words.", place)

    # What stands next

    @property
    def word(self) -> Word:
        return self.words[self.at]

    def is_next(self, *texts: str) -> bool:
        word = self.word
        return word.kind in ("operator", "name") and word.text in texts

    def take(self, *texts: str) -> bool:
        if self.is_next(*texts):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.wrong(f"'{text}' is missing before '{self.word.text or 'the end'}'")

    def expect_end(self) -> None:
        if self.word.kind != "end":
            if self.strict and self.is_next(*_COMPARISONS, "and", "or"):
                raise self._only_in_statements(self.word.text)
            raise self.wrong(f"'{shortened(self.text[self.word.offset :], 20)}' is not expected")

    def wrong(self, message: str) -> TemplateError:
        return refused(f"{message} in '{shortened(self.text)}'.", self.place)

    def _only_in_statements(self, what: str) -> TemplateError:
        return self.wrong(f"'{what}' cannot stand between {{{{ and }}}}; use it in {{% if %}} or {{% set %}}")

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise refused(f"An expression is nested deeper than {DEEPEST} levels.", self.place)

    # From loose to tight

    def expression_list(self) -> Node:
        """An expression, or several with commas between them: a tuple."""
        first = self.expression()
        if not self.is_next(","):
            return first
        items = [first]
        while self.take(","):
            if self.word.kind == "end":
                break
            items.append(self.expression())
        return Sequence(tuple, tuple(items))

    def expression(self) -> Node:
        self._deeper()
        node = self._either()
        if self.take("if"):
            condition = self._either()
            self.expect("else")
            node = Conditional(condition, node, self.expression())
        self.depth -= 1
        return node

    def _either(self) -> Node:
        return self._logic("or", self._both)

    def _both(self) -> Node:
        return self._logic("and", self._negation)

    def _logic(self, word: str, tighter: Callable[[], Node]) -> Node:
        operands = [tighter()]
        while self.is_next(word):
            if self.strict:
                raise self._only_in_statements(word)
            self.at += 1
            operands.append(tighter())
        return operands[0] if len(operands) == 1 else Logic(word == "and", tuple(operands))

    def _negation(self) -> Node:
        if not self.take("not"):
            return self._comparison()
        self._deeper()
        node = Unary("not", self._negation())
        self.depth -= 1
        return node

    def _comparison(self) -> Node:
        first = self._union()
        others: list[tuple[str, Node]] = []
        while operator := self._comparison_operator():
            others.append((operator, self._union()))
        return Comparison(first, tuple(others)) if others else first

    def _comparison_operator(self) -> str | None:
        if not self.is_next(*_COMPARISONS):
            return None
        word = self.word.text
        if self.strict:
            raise self._only_in_statements(word)
        self.at += 1
        if word == "not":
            self.expect("in")
            return "not in"
        if word == "is" and self.take("not"):
            return "is not"
        return word

    def _union(self) -> Node:
        return self._binary(("|", "&"), self._sum)

    def _sum(self) -> Node:
        return self._binary(_SUMS, self._product)

    def _product(self) -> Node:
        return self._binary(_PRODUCTS, self._sign)

    def _binary(self, operators: Collection[str], tighter: Callable[[], Node]) -> Node:
        node = tighter()
        chained = 0
        while self.word.kind == "operator" and self.word.text in operators:
            self._check_operator(self.word.text)
            chained += 1
            if chained > DEEPEST:
                raise self.wrong(f"more than {DEEPEST} operators stand in a row")
            operator = self.word.text
            self.at += 1
            node = Binary(operator, node, tighter())
        return node

    def _check_operator(self, operator: str) -> None:
        if self.strict and operator not in _STRICT_OPERATORS:
            raise self._only_in_statements(operator)

    def _sign(self) -> Node:
        if self.is_next("-", "+"):
            operator = self.word.text
            self.at += 1
            self._deeper()
            node = Unary(operator, self._sign())
            self.depth -= 1
            return node
        return self._power()

    def _power(self) -> Node:
        node = self._postfix()
        if self.is_next("**"):
            self._check_operator("**")
            self.at += 1
            self._deeper()
            node = Binary("**", node, self._sign())
            self.depth -= 1
        return node

    def _postfix(self) -> Node:
        node = self._atom()
        chained = 0
        while self.is_next(".", "[", "("):
            chained += 1
            if chained > DEEPEST:
                raise self.wrong(f"more than {DEEPEST} calls and subscripts stand in a row")
            if self.take("."):
                node = self._method(node)
            elif self.take("["):
                node = Subscript(node, self._index())
                self.expect("]")
            else:
                raise self.wrong("only functions and methods can be called")
        return node

    def _method(self, value: Node) -> Node:
        word = self.word
        if word.kind != "name":
            raise self.wrong("a method's name is missing after '.'")
        self.at += 1
        if word.text.startswith("_"):
            raise self.wrong(f"'.{word.text}' begins with an underscore, which no template can look at")
        if not self.take("("):
            raise self.wrong(f"'.{word.text}' is no call; only methods can be used")
        if self.strict and word.text not in _STRICT_METHODS:
            raise self._only_in_statements(f".{word.text}()")
        arguments, keywords = self._arguments()
        return MethodCall(value, word.text, arguments, keywords)

    def _index(self) -> Node:
        parts: list[Node | None] = [None]
        while not self.is_next("]"):
            if self.take(":"):
                parts.append(None)
            elif parts[-1] is None and len(parts) <= 3:
                parts[-1] = self.expression_list()
            else:
                raise self.wrong("a subscript cannot be read")
        if len(parts) == 1:
            if parts[0] is None:
                raise self.wrong("a subscript is empty")
            return parts[0]
        if len(parts) > 3:
            raise self.wrong("a slice has more than three parts")
        return Slice((parts[0], parts[1], parts[2] if len(parts) == 3 else None))

    def _atom(self) -> Node:
        word = self.word
        self.at += 1
        if word.kind == "number":
            return Constant(word.value)
        if word.kind == "string":
            return self._text(word)
        if word.kind == "name":
            return self._name(word)
        if word.kind == "operator" and word.text in ("(", "[", "{"):
            self._deeper()
            node = {"(": self._bracket, "[": self._list, "{": self._braces}[word.text]()
            self.depth -= 1
            return node
        self.at -= 1
        raise self.wrong(f"a value is missing before '{word.text or 'the end'}'")

    def _text(self, word: Word) -> Node:
        parts: list[Any] = [word]
        while self.word.kind == "string":
            parts.append(self.word)
            self.at += 1
        if not any(part.is_formatted for part in parts):
            return Constant("".join(part.value for part in parts))
        pieces: list[str | tuple[Node, str]] = []
        for part in parts:
            pieces += self._formatted(part.value) if part.is_formatted else [part.value]
        return Formatted(tuple(pieces))

    def _formatted(self, text: str) -> list[str | tuple[Node, str]]:
        pieces: list[str | tuple[Node, str]] = []
        at = 0
        while at < len(text):
            character = text[at]
            if text[at : at + 2] in ("{{", "}}"):
                pieces.append(character)
                at += 2
            elif character == "{":
                end = closing(text, at + 1, "}", stops=True)
                if end is None:
                    raise self.wrong("a '{' of an f-string is not closed")
                pieces.append(self._replacement(text[at + 1 : end]))
                at = end + 1
            elif character == "}":
                raise self.wrong("a '}' of an f-string stands alone")
            else:
                end = min(
                    (found for found in (text.find("{", at), text.find("}", at)) if found >= 0), default=len(text)
                )
                pieces.append(text[at:end])
                at = end
        return pieces

    def _replacement(self, text: str) -> tuple[Node, str]:
        colon = closing(text, 0, ":", stops=True)
        inner, how = (text, "") if colon is None else (text[:colon], text[colon + 1 :])
        for conversion in ("!r", "!s", "!a"):
            inner = inner.removesuffix(conversion)
        if not inner.strip():
            raise self.wrong("an f-string has an empty {}")
        parser = Parser(inner, self.place, self.functions, strict=self.strict, depth=self.depth + 1)
        node = parser.expression()
        parser.expect_end()
        return node, how

    def _name(self, word: Word) -> Node:
        name = word.text
        if name in _RESERVED:
            raise self.wrong(f"'{name}' cannot stand here")
        if len(name) > 4 and name.startswith("__") and name.endswith("__"):
            raise self.wrong(f"'{name}' is no name that a template can use")
        if not self.is_next("("):
            return Constant(CONSTANTS[name]) if name in CONSTANTS else Name(name)
        function = self.functions.get(name)
        if function is None:
            raise refused(f"There is no function {name}().{_suggested(name, self.functions)}", self.place)
        self.at += 1
        arguments, keywords = self._arguments()
        return Call(name, function, arguments, keywords, self.place)

    def _arguments(self) -> tuple[tuple[Node, ...], tuple[tuple[str, Node], ...]]:
        self._deeper()
        arguments: list[Node] = []
        keywords: list[tuple[str, Node]] = []
        while not self.take(")"):
            if self.word.kind == "name" and self._peek() == "=":
                name = self.word.text
                self.at += 2
                if any(name == known for known, _ in keywords):
                    raise self.wrong(f"{name}= stands twice")
                keywords.append((name, self.expression()))
            elif keywords:
                raise self.wrong("a value without a name follows one with a name")
            else:
                item = self.expression()
                arguments.append(self._comprehension(list, item) if self.is_next("for") else item)
            if not self.is_next(")"):
                self.expect(",")
        self.depth -= 1
        return tuple(arguments), tuple(keywords)

    def _peek(self) -> str:
        following = self.words[self.at + 1]
        return following.text if following.kind == "operator" else ""

    # Brackets

    def _bracket(self) -> Node:
        if self.take(")"):
            return Sequence(tuple, ())
        first = self.expression()
        if self.is_next("for"):
            node = self._comprehension(list, first)
            self.expect(")")
            return node
        if self.take(")"):
            return first
        return Sequence(tuple, (first, *self._rest(")")))

    def _list(self) -> Node:
        if self.take("]"):
            return Sequence(list, ())
        first = self.expression()
        if self.is_next("for"):
            node = self._comprehension(list, first)
            self.expect("]")
            return node
        if self.take("]"):
            return Sequence(list, (first,))
        return Sequence(list, (first, *self._rest("]")))

    def _rest(self, end: str) -> list[Node]:
        """What follows the first item, up to the closing bracket."""
        items: list[Node] = []
        while not self.take(end):
            self.expect(",")
            if not self.is_next(end):
                items.append(self.expression())
        return items

    def _braces(self) -> Node:
        if self.take("}"):
            return Dictionary(())
        first = self.expression()
        if not self.take(":"):
            if self.is_next("for"):
                node = self._comprehension(set, first)
                self.expect("}")
                return node
            return Sequence(set, (first, *(self._rest("}"))))
        value = self.expression()
        if self.is_next("for"):
            node = self._comprehension(dict, Sequence(tuple, (first, value)))
            self.expect("}")
            return node
        items = [(first, value)]
        while not self.take("}"):
            self.expect(",")
            if not self.is_next("}"):
                key = self.expression()
                self.expect(":")
                items.append((key, self.expression()))
        return Dictionary(tuple(items))

    def _comprehension(self, make: Any, item: Node) -> Node:
        if self.strict:
            raise self._only_in_statements("for")
        self.expect("for")
        targets = self.targets()
        self.expect("in")
        items = self._either()
        condition = self._either() if self.take("if") else None
        return Comprehension(make, item, targets, items, condition)

    def targets(self) -> tuple[str, ...]:
        """`a` or `a, b` or `(a, b)`: the names that a loop or a set gives values to."""
        bracket = self.take("(")
        names = [self._target()]
        while self.take(","):
            if self.word.kind != "name" or self.is_next("in"):
                break
            names.append(self._target())
        if bracket:
            self.expect(")")
        return tuple(names)

    def _target(self) -> str:
        word = self.word
        if word.kind != "name" or word.text in _RESERVED or word.text in CONSTANTS or word.text.startswith("__"):
            raise self.wrong(f"'{word.text}' is no name that can be given a value")
        self.at += 1
        return word.text


def _suggested(name: str, functions: Mapping[str, Function]) -> str:
    close = difflib.get_close_matches(name, functions, 1) or [
        known for known in functions if known.lower() == name.lower()
    ]
    return f" Did you mean {close[0]}()?" if close else ""
