"""Texts and names inside statements that take no parameters."""

from __future__ import annotations


def literal(text: str) -> str:
    """A text as SQL writes it, in quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def identifier(name: str) -> str:
    """A name as the engine takes it whatever it holds, in backticks."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
