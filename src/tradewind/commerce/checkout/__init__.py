"""From cart to order, and the steps that touch several rooms at once: cancelling, editing, orders nobody paid."""
