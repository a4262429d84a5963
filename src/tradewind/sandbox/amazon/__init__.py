"""The stand-in for Amazon's Selling Partner API: tokens, parameter rules, paging, limits, reports and a queue."""

from tradewind.sandbox.amazon.limits import LIMITS
from tradewind.sandbox.amazon.service import CREDENTIALS, stand_in

__all__ = ["CREDENTIALS", "LIMITS", "stand_in"]
