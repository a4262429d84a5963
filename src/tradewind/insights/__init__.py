"""Answers from the warehouse: pure functions over landed, live and gold rows. They propose; commerce decides."""
