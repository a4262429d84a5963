"""Every route is asked things that its description allows, and things that it does not.

No answer may be a failure of the server, and each has to be one that the description announces, in the
shape that it announces. What a route is asked is thought up when its test runs: `schema.parametrize` does that at
collection, which costs every worker of the suite half a minute.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
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
load_all_checks()
schema = schemathesis.openapi.from_dict(openapi_document())
operations = {found.ok().label: found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)}


@pytest.fixture(scope="module")
def bearer(shared_api: Api) -> dict[str, str]:
    shared_api.platform.live_shop.open()
    return {"Authorization": f"Bearer {shared_api.token(Scope.ADMIN, name='fuzz')}"}


@pytest.fixture(scope="module")
def feedback() -> FeedbackSources:
    return FeedbackSources(constants_value_source=make_constants_value_source(schema))


def test_every_route_is_asked() -> None:
    assert len(operations) == sum(len(path) for path in openapi_document()["paths"].values())


@pytest.mark.parametrize("label", operations)
def test_no_route_fails_or_says_what_it_did_not_announce(
    label: str, shared_api: Api, bearer: dict[str, str], feedback: FeedbackSources
) -> None:
    """As the library's own collector does it."""

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
        derandomize=True,
    )
    def ask(case: schemathesis.Case[Any]) -> None:
        answer = case.call(base_url=str(shared_api.client.base_url), headers=bearer, timeout=60)
        if answer.content == TOO_LONG:
            return  # an address that no server reads to its end: refused before the application sees it
        case.validate_response(answer, checks=CHECKS)

    build_operation_test(
        config=schema.config, operation=operations[label], test_func=ask, given_kwargs={}, feedback=feedback
    )()
