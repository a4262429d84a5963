"""How goods get to the buyer: methods and their prices, shipments, and what comes back."""
