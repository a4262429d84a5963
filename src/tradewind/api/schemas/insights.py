"""Shapes of /api/customers, /api/products and /api/sales: plain lists of rows, as other programs read them."""

from __future__ import annotations

from datetime import date

from pydantic import ConfigDict, Field

from tradewind.api.schemas.analytics import CustomerLine
from tradewind.api.wire import Amount, Wire


class CustomerAnalytics(CustomerLine):
    """One customer. Name, e-mail address and city need the scope customers:read, and are null without it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "customer_id": "01m7yw4gs2ynkfha7hs90mdcrg",
                "name": "Ada Example",
                "email": "ada@example.com",
                "city": "Berlin",
                "country": "DE",
                "age_group": "35-44",
                "customer_lifetime_stage": "Veteran",
                "total_orders": 45,
                "total_revenue": 15000.50,
                "avg_order_value": 333.34,
                "customer_segment": "VIP",
                "customer_lifetime_value": 14950.50,
            }
        }
    )


class ProductAnalytics(Wire):
    """One product, from its first day on."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "product_id": "01m7yw4gs2ynkfha7hs90mdcrg",
                "product_name": "Mug",
                "category": "Kitchen",
                "brand": "Brand",
                "current_price": 12.90,
                "current_stock": 250,
                "total_units_sold": 1500,
                "total_revenue": 19350.00,
                "total_profit": 9350.00,
                "sales_performance": "Best Seller",
                "avg_rating": 4.5,
                "product_health_score": 8.7,
            }
        }
    )

    product_id: str
    product_name: str
    category: str | None
    brand: str | None
    current_price: Amount | None
    current_stock: int | None = Field(description="Null when it is not counted.")
    total_units_sold: int
    total_revenue: Amount
    total_profit: Amount | None
    sales_performance: str | None
    avg_rating: float | None
    product_health_score: float | None = Field(description="0 to 10.")


class SalesSummary(Wire):
    """Sales of the last days, with today."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "days_analyzed": 30,
                "total_revenue": 450000.75,
                "total_orders": 3600,
                "avg_daily_revenue": 15000.02,
                "avg_order_value": 125.00,
            }
        }
    )

    days_analyzed: int
    total_revenue: Amount
    total_orders: int
    avg_daily_revenue: Amount
    avg_order_value: Amount | None


class SalesTrend(Wire):
    """One day, with what its month has made."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "sale_date": "2026-03-01",
                "daily_revenue": 15000.50,
                "daily_orders": 120,
                "monthly_revenue": 450000.75,
                "mom_revenue_growth_percent": 5.2,
            }
        }
    )

    sale_date: date
    daily_revenue: Amount
    daily_orders: int
    monthly_revenue: Amount = Field(description="Of the whole month, or so far.")
    mom_revenue_growth_percent: float | None = Field(
        description="Against the month before, of whole months only; null without one or without revenue in it."
    )
