"""Asking the API for plans, and reading what it says."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tests.api.conftest import Api

LISTS = "/api/v1/planning"


def get(api: Api, path: str, **asked: Any) -> Any:
    answer = api.client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_float=Decimal)


def make(api: Api, **terms: Any) -> Any:
    answer = api.client.post(f"{LISTS}/plans", json=terms)
    assert answer.status_code == 201, answer.text
    return answer.json()


def by_place(page: Any) -> dict[tuple[str, str], Any]:
    return {(line["sku"], line["location"]): line for line in page["items"]}
