"""The ClickHouse side: one client for chDB and servers, the sink, the gateway, the dbt project's runner."""
