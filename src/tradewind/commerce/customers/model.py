"""Tables of customers: the only place, with their log topic, that holds personal data."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Customer(Base):
    """`external_id` is the channel's id of the person; both are empty for our own shop's customers.

    In our own shop an e-mail address, in lower case, belongs to one profile.
    """

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_customers_email", "email"),
        Index(
            "uq_customers_own_email",
            "email",
            unique=True,
            sqlite_where=text("channel_id IS NULL AND merged_into_id IS NULL"),
            postgresql_where=text("channel_id IS NULL AND merged_into_id IS NULL"),
        ),
        Index("ix_customers_merged_into_id", "merged_into_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channels.id"))
    external_id: Mapped[str | None] = mapped_column(String(128))
    email: Mapped[str | None] = mapped_column(String(320))
    name: Mapped[str | None] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(64))
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(100))
    city: Mapped[str | None] = mapped_column(String(200))
    birth_date: Mapped[date | None]
    is_erased: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    """Set on a duplicate: everything of this person is found under that profile."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Address(Base):
    """Where somebody wants parcels and bills; at most one of each kind is the default."""

    __tablename__ = "addresses"
    __table_args__ = (
        Index("ix_addresses_customer_id", "customer_id"),
        *(
            Index(
                f"uq_addresses_default_{kind}",
                "customer_id",
                unique=True,
                sqlite_where=text(f"is_default_{kind}"),
                postgresql_where=text(f"is_default_{kind}"),
            )
            for kind in ("shipping", "billing")
        ),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    name: Mapped[str] = mapped_column(String(300))
    company: Mapped[str | None] = mapped_column(String(300))
    line1: Mapped[str] = mapped_column(String(300))
    line2: Mapped[str | None] = mapped_column(String(300))
    city: Mapped[str] = mapped_column(String(200))
    region: Mapped[str | None] = mapped_column(String(100))
    postal_code: Mapped[str | None] = mapped_column(String(32))
    country: Mapped[str] = mapped_column(String(2))
    phone: Mapped[str | None] = mapped_column(String(64))
    is_default_shipping: Mapped[bool] = mapped_column(default=False)
    is_default_billing: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CustomerGroup(Base):
    __tablename__ = "customer_groups"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class CustomerGroupMember(Base):
    __tablename__ = "customer_group_members"
    __table_args__ = (Index("ix_customer_group_members_group_id", "group_id"),)

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("customer_groups.id"), primary_key=True)
    created_at: Mapped[datetime]


class Consent(Base):
    """Append-only: what a person agreed to or withdrew, when, and how we know. The newest line per purpose counts."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_customer_id", "customer_id", "purpose", "at"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    purpose: Mapped[str] = mapped_column(String(64))
    is_granted: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
