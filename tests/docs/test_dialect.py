"""The list of what Databricks would not understand is that of the project as it is."""

from __future__ import annotations

from tests.docs.dialect import models, own_words, table, written


def test_every_model_is_listed_with_the_words_that_are_clickhouses() -> None:
    assert written() == table(), "write it anew: python -m tests.docs.dialect"


def test_words_are_found_in_models_macros_and_arguments() -> None:
    assert own_words("select sum(a), coalesce(b, 0) from {{ ref('bronze_orders') }} -- toDate32(x)") == set()
    assert own_words("select argMax(a, b) from t array join lines as line") == {"argMax", "array join"}
    assert "toDate32" in own_words("select {{ business_day('placed_at') }}")
    assert {"now64", "toDate32"} <= own_words("""select {{ business_day("now64(6, 'UTC')") }}""")
    found = models()
    assert found["bronze", "bronze_orders"] == set()
    assert "toDate32" in found["silver", "silver_orders"]
