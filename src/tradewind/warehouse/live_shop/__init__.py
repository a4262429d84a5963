"""The live shop: the project of datafiles that comes with the product (sql/live), and the booked facts told to it."""
