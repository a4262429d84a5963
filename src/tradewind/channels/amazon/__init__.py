"""Amazon: orders, stock, listings, finances, feedback, notifications, and what is written back to it."""
