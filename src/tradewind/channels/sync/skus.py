"""How a channel spells our SKUs: by a link that somebody made, exactly, or in letters of the other case."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.channels.sync.model import SkuLink
from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import Product

_MOST_KNOWN = 200_000


class Skus:
    """Remembers how SKUs of one channel are meant, as long as one run lasts."""

    def __init__(self, channel_id: str) -> None:
        self._channel_id = channel_id
        self._meant: dict[str, str] = {}

    def learn(self, tx: Session, spelled: Iterable[str | None]) -> None:
        """Looks up all spellings that are not known yet."""
        if len(self._meant) > _MOST_KNOWN:
            self._meant.clear()
        wanted = {text for one in spelled if one is not None and (text := one.strip()[:128]) not in self._meant}
        wanted.discard("")
        for part in chunks(sorted(wanted)):
            links = select(SkuLink.channel_sku, SkuLink.sku).where(
                SkuLink.channel_id == self._channel_id, SkuLink.channel_sku.in_(part)
            )
            found = {row.channel_sku: row.sku for row in tx.execute(links)}
            rest = [sku for sku in part if sku not in found]
            found |= {sku: sku for sku in tx.scalars(select(Product.sku).where(Product.sku.in_(rest))) if sku}
            missing = {sku.casefold(): sku for sku in part if sku not in found}
            # Only what nobody knows by its exact spelling is looked for in letters of the other case.
            alike = select(Product.sku).where(func.lower(Product.sku).in_(list(missing)))
            other = {sku.casefold(): sku for sku in tx.scalars(alike) if sku} if missing else {}
            for folded, sku in missing.items():
                found[sku] = other.get(folded, sku)
            self._meant |= found

    def resolve(self, spelled: str) -> str:
        return self._meant.get(spelled, spelled)
