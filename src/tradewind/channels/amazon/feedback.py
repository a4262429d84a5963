"""What buyers say, as far as Amazon tells: topics of reviews per ASIN, and ratings of the seller. Pure.

No API returns a single review or its text, and what a buyer wrote to the seller is left out: it may name persons.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tradewind.channels.amazon.localtext import local_date
from tradewind.channels.amazon.values import (
    Unbookable,
    decimal,
    needed_moment,
    needed_text,
    part,
    parts,
    text,
    units,
)
from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.surprises import rejects_surprises
from tradewind.channels.unified import UnifiedFeedback

SELLER = "seller"


@rejects_surprises
def review_topics(raw: Raw) -> Mapped:
    """The topics that reviews of an ASIN mention, with what each does to the star rating."""
    asin = text(raw.get("asin"))
    try:
        records = _topics(raw)
    except Unbookable as flaw:
        return Mapped(f"topics:{asin}", raw, (), (Rejected(asin, flaw.flaw, str(flaw)),))
    return Mapped(f"topics:{asin}:{raw.get('marketplaceId')}", raw, records)


def _topics(raw: Raw) -> tuple[UnifiedFeedback, ...]:
    asin = needed_text(raw.get("asin"), "asin")
    told_at = needed_moment(part(raw, "dateRange").get("endDate"), "dateRange.endDate")
    place = text(raw.get("marketplaceId"))
    records = []
    for side, key in (("positive", "positiveTopics"), ("negative", "negativeTopics")):
        for row in parts(part(raw, "topics"), key):
            topic = needed_text(row.get("topic"), "topic")
            metrics = part(row, "asinMetrics")
            records.append(
                UnifiedFeedback(
                    external_id=f"{asin}:{place}:{side}:{topic}",
                    told_at=told_at,
                    subject=asin,
                    topic=topic,
                    # The change of the star rating that the topic goes with, not a rating.
                    rating=decimal(metrics.get("starRatingImpact"), "starRatingImpact"),
                    count=units(metrics.get("numberOfMentions"), "numberOfMentions"),
                )
            )
    return tuple(records)


def seller_feedback(row: Sequence[str], marketplace: str, received_at: datetime) -> Mapped:
    """One row of the report on the seller's ratings. Its headers are translated, its columns keep their places:
    date, rating, comment, response, order id. Nothing but date, rating and order id is kept."""
    kept = {"marketplaceId": marketplace, "sellerFeedback": [row[0], row[1], row[4] if len(row) > 4 else ""]}
    return seller_rating(kept, received_at)


@rejects_surprises
def seller_rating(raw: Raw, received_at: datetime) -> Mapped:
    """The kept part of such a row. `received_at` settles which day a date without a year order can mean."""
    cells = raw.get("sellerFeedback")
    day, stars, order_id = [*(cells if isinstance(cells, list) else ()), "", "", ""][:3]
    # The order's id is a link to a person: what is kept under it is one rating, by a digest.
    external_id = hashlib.sha256(f"{raw.get('marketplaceId')}:{order_id}:{day}".encode()).hexdigest()[:40]
    try:
        rating = decimal(stars, "rating")
        if rating is None or not Decimal(1) <= rating <= Decimal(5):
            raise Unbookable("bad_rating", f"The rating {str(stars)[:20]!r} is not one to five stars.")
        told_at = local_date(str(day), str(raw.get("marketplaceId") or ""), received_at)
    except Unbookable as flaw:
        return Mapped(external_id, raw, (), (Rejected(external_id, flaw.flaw, str(flaw)),))
    return Mapped(external_id, raw, (UnifiedFeedback(external_id, told_at, SELLER, rating=rating, count=1),))
