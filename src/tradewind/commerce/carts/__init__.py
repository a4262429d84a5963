"""What somebody is about to buy, for customers and for guests."""
