"""The live shop where it is not there; alone, since a test's own platform takes the warehouse of a shared one away."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api

pytestmark = pytest.mark.xdist_group("api")


def test_a_shop_without_loops_says_that_it_is_not_there(own_api: Api) -> None:
    refused = own_api.as_user().get("/api/v1/live/grid")
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
