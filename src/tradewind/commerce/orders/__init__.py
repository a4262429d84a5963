"""What was sold: orders with their lines and history, from any channel, through one `book_order`."""
