"""Orders from files: CSV, TSV, Parquet and XLSX, read under a preset and booked through commerce."""
