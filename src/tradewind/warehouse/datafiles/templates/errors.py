"""What goes wrong in a template, told to the caller of an endpoint or to the author of a pipe."""

from __future__ import annotations

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.model import Place

PREFIX = "Template Syntax Error: "


class TemplateError(InvalidInput):
    """A template cannot be read or rendered. `status` and `body` are what HTTP answers with."""

    code = "template_error"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        place: Place | None = None,
        reason: str = "",
        status: int = 400,
        body: object = None,
    ) -> None:
        super().__init__(message, field=field)
        self.place = place
        self.reason = reason
        """The kind of failure as a template's `{% except KeyError %}` names it."""
        self.status = status
        self.body = body


class LimitReached(TemplateError):
    """A template is too large or works too long. `{% except %}` does not catch it."""


def refused(message: str, place: Place | None = None, *, field: str | None = None, reason: str = "") -> TemplateError:
    """The error with the format's prefix and, where it is known, the line."""
    where = f" (line {place.line}, column {place.column} of {place.file})" if place is not None and place.file else ""
    return TemplateError(f"{PREFIX}{message}{where}", field=field, place=place, reason=reason)


def limit_reached(message: str) -> LimitReached:
    return LimitReached(f"{PREFIX}{message}")
