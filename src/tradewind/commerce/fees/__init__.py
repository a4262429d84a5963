"""Fees: what channels and providers take for selling, with an order or without one."""
