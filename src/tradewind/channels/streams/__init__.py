"""Topics as a channel: sales and changes of stock that tills and warehouses tell of become orders and movements."""
