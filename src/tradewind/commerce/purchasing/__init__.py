"""Where goods come from: suppliers, purchase orders, and what has arrived of them."""
