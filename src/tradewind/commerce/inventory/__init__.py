"""What lies where: locations, the ledger of movements, and levels that are nothing but its sum."""
