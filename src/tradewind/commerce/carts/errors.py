"""Why a cart said no."""

from __future__ import annotations

from collections.abc import Sequence

from tradewind.commerce.carts.priced import CartProblem
from tradewind.core.errors import Conflict, InvalidInput


class CartClosed(Conflict):
    """The cart became an order, went into another cart, or has expired."""

    code = "cart_closed"

    def __init__(self, cart_id: str, status: str) -> None:
        super().__init__(f"The cart {cart_id} is {status} and cannot be changed any more. Begin a new one.")


class CartFull(InvalidInput):
    """More different products, or more units of one, than a cart holds."""

    code = "cart_full"


class ProductNotSold(InvalidInput):
    """The product exists, but cannot be bought in this cart."""

    code = "product_not_sold"


class CartNotOrderable(Conflict):
    """What stands between a cart and its order."""

    code = "cart_not_orderable"

    def __init__(self, cart_id: str, problems: Sequence[CartProblem]) -> None:
        self.problems = tuple(problems)
        reasons = " ".join(problem.message for problem in problems) or "It is empty."
        super().__init__(f"The cart {cart_id} cannot be ordered as it is. {reasons}")
