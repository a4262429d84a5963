"""Where facts come from: files today, marketplaces and shops next; all book through `commerce`."""
