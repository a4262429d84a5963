"""Those who take the money: one port, and an adapter for each of them."""
