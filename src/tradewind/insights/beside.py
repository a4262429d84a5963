"""Asks the warehouse several things at once: planning a question takes it longer than answering one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_BESIDE = ThreadPoolExecutor(max_workers=3, thread_name_prefix="insights")
"""Its tasks never wait for each other. One thread less than there are readers by default."""

_WHOLE = ThreadPoolExecutor(max_workers=3, thread_name_prefix="answers")
"""Its tasks may wait for those of the other."""


def meanwhile(question: Callable[Asked, Answer], *positional: Asked.args, **named: Asked.kwargs) -> Future[Answer]:
    """Asks beside what this thread asks."""
    return _BESIDE.submit(question, *positional, **named)


def whole_meanwhile(
    question: Callable[Asked, Answer], *positional: Asked.args, **named: Asked.kwargs
) -> Future[Answer]:
    """The same for a question that asks several things at once itself."""
    return _WHOLE.submit(question, *positional, **named)
