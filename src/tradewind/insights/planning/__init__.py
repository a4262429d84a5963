"""Planning: what to order and what to move, from forecasts and stock. It proposes; commerce decides."""
