"""What buyers say: ratings and comments of products."""
