"""One person in every room: order history, merge of duplicates, erasure, and the export of all that we hold."""
