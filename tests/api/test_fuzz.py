"""Every route is asked things that its description allows, and things that it does not.

No answer may be a failure of the server, and each has to be one that the description announces, in the
shape that it announces.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Api
from tradewind.api.app import openapi_document
from tradewind.commerce.access.rights import Scope

EXAMPLES = 12
TOO_LONG = b"Invalid HTTP request received."
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("fuzz")]
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
schema = schemathesis.openapi.from_dict(openapi_document())


@pytest.fixture(scope="module")
def bearer(shared_api: Api) -> dict[str, str]:
    return {"Authorization": f"Bearer {shared_api.token(Scope.ADMIN, name='fuzz')}"}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    derandomize=True,
)
def test_no_route_fails_or_says_what_it_did_not_announce(
    case: schemathesis.Case[Any], shared_api: Api, bearer: dict[str, str]
) -> None:
    answer = case.call(base_url=str(shared_api.client.base_url), headers=bearer, timeout=60)
    if answer.content == TOO_LONG:
        return  # an address that no server reads to its end: refused before the application sees it
    case.validate_response(answer, checks=CHECKS)
