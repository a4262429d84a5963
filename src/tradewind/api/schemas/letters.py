"""Shapes of messages that could not be booked."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from tradewind.channels.streams.service import MOST_REPLAYED


class Letter(BaseModel):
    """A message of a topic that was refused."""

    letter_id: str
    place: str = Field(description="topic:partition:offset.")
    code: str
    reason: str
    refused_at: datetime
    booked_at: datetime | None = Field(description="When another try booked it; null while it waits.")


class LetterDetail(Letter):
    value: str | None = Field(description="The message as it came; what is not UTF-8 is escaped.")


class LetterPage(BaseModel):
    items: list[Letter]
    next_cursor: str | None
    waiting: int = Field(description="How many wait in all.")


class Replay(BaseModel):
    """Which messages to book again."""

    letter_ids: list[str] | None = Field(
        None, min_length=1, max_length=MOST_REPLAYED, description=f"Unset: the oldest {MOST_REPLAYED:,} that wait."
    )


class Replayed(BaseModel):
    booked: int
    refused: int = Field(description="Refused again; their reasons are the new ones.")
    waiting: int
