"""What makes an order cheaper: codes, automatic promotions, and the limits that hold."""
