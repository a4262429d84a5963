"""What several kinds of files say alike: tokens, tags, versions, choices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tradewind.warehouse.datafiles.findings import Findings, did_you_mean
from tradewind.warehouse.datafiles.lexing import Entry
from tradewind.warehouse.datafiles.model import Permission, Place, TokenLine


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file needs to know beside its text."""

    findings: Findings
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] | None = None
    """None: not known here, `tb_secret` stays as it is written."""
    compat: str = "auto"
    """`forward`, `classic`, or `auto`: whatever either accepts."""


def tokens_of(entries: Sequence[Entry], allowed: Sequence[Permission], kind: str, reading: Reading) -> list[TokenLine]:
    """The TOKEN lines, each once."""
    lines: list[TokenLine] = []
    for entry in entries:
        if entry.word != "TOKEN":
            continue
        choices = " or ".join(allowed)
        if len(entry.arguments) != 2 or not entry.arguments[0]:
            reading.findings.error(
                entry.place, "TOKEN needs a name and what it may do.", f'Write `TOKEN "name" {allowed[0]}`.'
            )
            continue
        name, permission = entry.arguments[0], entry.arguments[1].upper()
        if permission == "CREATE" and Permission.APPEND in allowed:
            reading.findings.warn(
                entry.place, "TOKEN … CREATE is of the classic dialect; it is taken as APPEND.", "Write APPEND."
            )
            permission = "APPEND"
        if permission not in list(allowed):
            reading.findings.error(
                entry.place, f"A token cannot be given {entry.arguments[1][:60]} by a {kind}.", f"Write {choices}."
            )
            continue
        line = TokenLine(name, Permission(permission))
        if line not in lines:
            lines.append(line)
    return lines


def tags_of(entries: Sequence[Entry]) -> list[str]:
    """The items of TAGS, quotes taken off, each once."""
    items = (item.strip().strip("\"'").strip() for entry in entries for item in re.split(r"[,\n]", entry.text))
    return list(dict.fromkeys(item for item in items if item))


def version_alias(name: str, entry: Entry | None, reading: Reading) -> str | None:
    """The second name of something that says VERSION n: `name__vn`."""
    if entry is None:
        return None
    if not re.fullmatch(r"\d{1,9}", entry.value):
        reading.findings.error(entry.place, "VERSION needs a whole number.", "Write `VERSION 1`, or leave it away.")
        return None
    if reading.compat == "forward":
        reading.findings.warn(entry.place, "VERSION is of the classic dialect and ignored.", "Remove it.")
        return None
    reading.findings.warn(
        entry.place,
        f"VERSION is of the classic dialect: both {name} and {name}__v{int(entry.value)} name this.",
        "Remove it once no SQL uses the longer name.",
    )
    return f"{name}__v{int(entry.value)}"


def choice(entry: Entry, choices: Sequence[str], findings: Findings) -> str | None:
    """The value in lower case if it is one of the choices."""
    value = entry.value.lower()
    if value in choices:
        return value
    fix = f"Choose one of {', '.join(choices)}." if len(choices) > 1 else f"Write {choices[0]}, or leave it away."
    findings.error(entry.value_place, f"{entry.word} cannot be {entry.value[:60] or 'empty'}.", fix)
    return None


def truth(entry: Entry, findings: Findings) -> bool:
    """Whether the value says yes."""
    value = entry.value.lower()
    if value in ("true", "1", "yes", "on"):
        return True
    if value not in ("false", "0", "no", "off", ""):
        findings.error(
            entry.value_place, f"{entry.word} is True or False, not {entry.value[:60]}.", "Write one of them."
        )
    return False


def last_of_each(entries: Sequence[Entry], repeatable: Sequence[str], findings: Findings) -> dict[str, Entry]:
    """Entries by directive. What is said twice is found; the last one holds."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.word in found and entry.word not in repeatable:
            first = found[entry.word].place
            findings.warn(
                entry.place, f"{entry.word} was said on line {first.line} already; this one holds.", "Remove one."
            )
        found[entry.word] = entry
    return found


_FIELD = r"(?:\*|[0-9A-Za-z]{1,3}(?:-[0-9A-Za-z]{1,3})?)(?:/\d{1,3})?"
_CRON = re.compile(rf"^{_FIELD}(?:,{_FIELD})*$")
_RANGES = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7))
_NAMES = frozenset("jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun".split())


def problem_with_cron(text: str) -> str | None:
    """What is wrong with five cron fields; None if nothing is."""
    fields = text.split()
    if len(fields) != 5:
        return f"a schedule has five fields, this has {len(fields)}"
    for value, (name, low, high) in zip(fields, _RANGES, strict=True):
        if not _CRON.match(value):
            return f"the {name} cannot be `{value[:60]}`"
        for item in value.split(","):
            bounds, _, step = item.partition("/")
            if step and int(step) == 0:
                return f"the {name} cannot step by 0"
            for bound in bounds.split("-") if bounds != "*" else ():
                if bound.isdigit() and not low <= int(bound) <= high:
                    return f"the {name} {bound} is not between {low} and {high}"
                if not bound.isdigit() and bound.lower() not in _NAMES:
                    return f"the {name} cannot be `{bound[:60]}`"
    return None


def schedule_of(entry: Entry, words: Sequence[str], findings: Findings) -> str | None:
    """Five cron fields, or one of the words such as `@on-demand` in lower case; None if it is neither."""
    value = entry.value
    if "tb_secret" in value:
        findings.error(entry.value_place, f"{entry.word} cannot be a secret.", "Write the schedule itself.")
        return None
    if value.lower() in words:
        return value.lower()
    if value.startswith("@"):
        findings.error(
            entry.value_place,
            f"There is no schedule {value[:60]}.",
            did_you_mean(value, words) or f"Write five cron fields in UTC, or {' or '.join(words)}.",
        )
        return None
    if problem := problem_with_cron(value):
        findings.error(
            entry.value_place,
            f"{entry.word}: {problem}.",
            f"Write five cron fields in UTC, such as `0 * * * *`, or {' or '.join(words)}.",
        )
        return None
    return " ".join(value.split())


def check_name(name: str, place: Place, kind: str, findings: Findings) -> bool:
    """Whether it can be used as a name in SQL without quoting it in odd ways."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_\-]{0,199}", name):
        return True
    findings.error(
        place,
        f"`{name[:80]}` cannot be the name of a {kind}.",
        "Use letters, digits and `_`, and begin with a letter; the name is the file's without its ending.",
    )
    return False


_SECRET = re.compile(
    r"\{\{\s*tb_secret\(\s*(?P<q>[\"'])(?P<name>[^\"'\n]{1,200})(?P=q)"
    r"(?:\s*,\s*(?P<d>[\"'])(?P<default>[^\"'\n]*)(?P=d))?\s*\)\s*\}\}"
)


def with_secrets(text: str, file: str, reading: Reading) -> str:
    """The text with `{{ tb_secret("NAME", "default") }}` replaced. A missing one without default is found."""
    secrets = reading.secrets
    if secrets is None:
        return text

    def value(found: re.Match[str]) -> str:
        default: str | None = found["default"]
        secret = secrets.get(found["name"]) if found["name"] in secrets else default
        if secret is None:
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
            reading.findings.error(
                Place(file, line, column),
                f"There is no secret {found['name']}.",
                f'Set it, or give it a default: {{{{ tb_secret("{found["name"]}", "default") }}}}.',
            )
            return ""
        return secret or '""'

    return _SECRET.sub(value, text)
