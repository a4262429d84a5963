"""Shopify over its Admin API: orders, fees, products, customers and stock read; stock and prices written back."""
