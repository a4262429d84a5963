"""Writes new expectations into files of tests, and leaves all else in them as it is."""

from __future__ import annotations

from collections.abc import Mapping

import yaml


def updated(text: str, results: Mapping[str, str]) -> str:
    """The file's text with other expected results, by the name of the case.

    Comments, order and spelling of everything else stay. The text has to be one that was read without errors.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.SequenceNode):
        return text
    changes: list[tuple[int, int, str]] = []
    for item in root.value:
        if isinstance(item, yaml.MappingNode):
            keys = {key.value: (key, value) for key, value in item.value if isinstance(key, yaml.ScalarNode)}
            name = keys["name"][1].value if "name" in keys else None
            if name is not None and name in results:
                changes.append(_change(text, item, keys.get("expected_result"), results[name]))
    for start, end, written in sorted(changes, reverse=True):
        text = text[:start] + written + text[end:]
    return text


def _change(
    text: str, item: yaml.MappingNode, there: tuple[yaml.Node, yaml.Node] | None, result: str
) -> tuple[int, int, str]:
    """From where to where the text changes, and into what."""
    column = item.start_mark.column
    new = _scalar(result, column, is_in_braces=item.flow_style)
    if there is None:
        last = item.value[-1][1]
        end = last.end_mark.index
        if item.flow_style:
            return end, end, f", expected_result: {new}"
        is_block = isinstance(last, yaml.ScalarNode) and last.style in ("|", ">")
        before = "" if is_block and text[:end].endswith("\n") else "\n"
        after = "\n" if before == "" else ""
        return end, end, f"{before}{' ' * column}expected_result: {new}".rstrip("\n") + after
    value = there[1]
    start, end = value.start_mark.index, value.end_mark.index
    is_block = isinstance(value, yaml.ScalarNode) and value.style in ("|", ">")
    if start == end:  # `expected_result:` with nothing behind it
        return there[0].end_mark.index + 1, there[0].end_mark.index + 1, " " + new.rstrip("\n")
    if is_block:
        kept = len(text[start:end]) - len(text[start:end].rstrip())
        tail = text[end - kept : end]
        return start, end, new.rstrip("\n") + (tail or "\n")
    return start, end, new.rstrip("\n")


def _scalar(result: str, column: int, *, is_in_braces: bool) -> str:
    """A text as YAML: a block of lines where that says the same, else in quotes."""
    lines = result.split("\n")
    is_block = (
        not is_in_braces
        and len(lines) > 1
        and lines[-1] == ""
        and all(lines[:-1])
        and not lines[0].startswith((" ", "\t"))
        and all(line.isprintable() for line in lines)
    )
    if not is_block:
        return str(yaml.safe_dump(result, default_style='"', allow_unicode=True, width=10**9)).rstrip("\n")
    return "|\n" + "".join(f"{' ' * (column + 2)}{line}\n" for line in lines[:-1])
