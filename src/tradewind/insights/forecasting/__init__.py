"""Demand forecasts: how many units of a product will be asked for, day by day, and how sure that is."""
