"""What we sell and where: products, categories, sales channels, listings, price history."""
