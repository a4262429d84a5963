"""Open tables: silver and gold as Delta Lake or Parquet, which Spark, Databricks, DuckDB and Polars read."""
