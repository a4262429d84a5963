"""Errors of the gateway, told as a ClickHouse server tells them: a code, a sentence, an HTTP status."""

from __future__ import annotations

import re

SYNTAX_ERROR = 62
UNKNOWN_FORMAT = 73
UNKNOWN_SETTING = 115
BAD_ARGUMENTS = 36
READONLY = 164
TOO_LARGE = 307
TOO_MANY_QUERIES = 202
AUTHENTICATION_FAILED = 516
SESSION_NOT_FOUND = 372
SESSION_IS_LOCKED = 373
ACCESS_DENIED = 497
NOT_IMPLEMENTED = 48
CANNOT_DECOMPRESS = 271
TIMEOUT = 159
CANCELLED = 394
INTERNAL = 1002

_NAMES = {
    BAD_ARGUMENTS: "BAD_ARGUMENTS",
    NOT_IMPLEMENTED: "NOT_IMPLEMENTED",
    SYNTAX_ERROR: "SYNTAX_ERROR",
    TIMEOUT: "TIMEOUT_EXCEEDED",
    READONLY: "READONLY",
    UNKNOWN_SETTING: "UNKNOWN_SETTING",
    SESSION_NOT_FOUND: "SESSION_NOT_FOUND",
    SESSION_IS_LOCKED: "SESSION_IS_LOCKED",
    TOO_MANY_QUERIES: "TOO_MANY_SIMULTANEOUS_QUERIES",
    CANNOT_DECOMPRESS: "CANNOT_DECOMPRESS",
    TOO_LARGE: "TOO_MANY_BYTES",
    ACCESS_DENIED: "ACCESS_DENIED",
    AUTHENTICATION_FAILED: "AUTHENTICATION_FAILED",
    INTERNAL: "UNKNOWN_EXCEPTION",
}

# As in the engine's own HTTPHandler, except that a wrong login is 401 and a refused write 403.
_STATUS = {
    **dict.fromkeys((6, 7, 26, 27, 36, 38, 41, 43, 44, 53, 62, 72, 117, 130, 131, 321, 441, 456, 457, 675, 676), 400),
    AUTHENTICATION_FAILED: 401,
    **dict.fromkeys((READONLY, 291, 452, ACCESS_DENIED), 403),
    **dict.fromkeys(
        (16, 46, 47, 50, 56, 60, 63, UNKNOWN_FORMAT, 81, UNKNOWN_SETTING, 218, 280, SESSION_NOT_FOUND), 404
    ),
    **dict.fromkeys((TIMEOUT, 209), 408),
    TOO_LARGE: 413,
    NOT_IMPLEMENTED: 501,
    TOO_MANY_QUERIES: 503,
    SESSION_IS_LOCKED: 503,
}

_END = 200
_CODE = re.compile(r"Code: (\d+)\. ")
_REPEATED = re.compile(r"^(?:Code: \d+\. DB::Exception: )+(?=Code: \d+\. DB::Exception: )")
_TRAILER = re.compile(r"(?:\s*\(version [0-9.]+[^)]*\)\.?(?:\s*\([A-Z0-9_]+\))?)+\s*$")


class GatewayError(Exception):
    """A request that ends with an error: the engine's own, or the gateway's in the same form."""

    def __init__(self, code: int, message: str, *, engine_text: str | None = None) -> None:
        self.code = code
        self.status = _STATUS.get(code, 500)
        self.text = engine_text or f"Code: {code}. DB::Exception: {message} ({_NAMES.get(code, 'UNKNOWN_EXCEPTION')})"
        super().__init__(message)


def engine_error(failure: BaseException) -> GatewayError:
    """The error of the embedded engine, in one sentence: it nests and repeats its own prefix."""
    text = str(failure).strip()
    found = _CODE.search(text)
    if found is None:
        return GatewayError(INTERNAL, text or type(failure).__name__)
    plain = _REPEATED.sub("", text[found.start() :])
    # The end alone: a pattern that may begin anywhere in a user's own text would be theirs to slow down.
    plain = plain[:-_END] + _TRAILER.sub("", plain[-_END:])
    return GatewayError(int(found[1]), plain, engine_text=plain)
