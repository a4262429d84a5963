"""Tradewind runs a seller's commerce and its analytics as one program."""

__version__ = "0.1.0"
