"""Walmart Marketplace (US): orders of the three ship-node types, returns, stock, items, settlements, webhooks."""
