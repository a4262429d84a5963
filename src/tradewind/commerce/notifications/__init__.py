"""Mails about a sale: written with the sale, sent after it."""
