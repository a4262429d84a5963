"""Why a code was refused."""

from __future__ import annotations

from tradewind.core.errors import Conflict, InvalidInput


class CodeNotValid(InvalidInput):
    """There is no such code at this moment."""

    code = "code_not_valid"

    def __init__(self, discount_code: str) -> None:
        super().__init__(
            f"The code {discount_code[:64]} is not valid: it does not exist, has not begun, or is over.",
            field="code",
        )


class CodeNotApplicable(InvalidInput):
    """The code exists, but its conditions are not met."""

    code = "code_not_applicable"

    def __init__(self, discount_code: str, reason: str) -> None:
        super().__init__(f"The code {discount_code[:64]} does not apply: {reason}", field="code")


class PromotionUsedUp(Conflict):
    """Its limit is reached: in all, or for this buyer."""

    code = "promotion_used_up"

    def __init__(self, name: str, *, promotion_id: str) -> None:
        super().__init__(f"The promotion {name} is used up. Remove it from the cart, and look at the new total.")
        self.promotion_id = promotion_id


class CodeTaken(Conflict):
    """Two promotions with one code."""

    code = "discount_code_taken"

    def __init__(self, discount_code: str) -> None:
        super().__init__(f"The code {discount_code} belongs to another promotion. Choose another code.")
