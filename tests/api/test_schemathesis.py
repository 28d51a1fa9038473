"""Every address of the API with what its description allows, and with what it does not: no 5xx, answers as described.

In process, on the test's own database; the examples are the same in each run.
"""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.frontend.world import World

pytestmark = pytest.mark.django_db

EXAMPLES = 8
# What a description cannot say is refused: that 2018-20 is no year, that nobody has this reference.
TOO_STRICT = [positive_data_acceptance]


@pytest.fixture
def world(settings):
    settings.API_REQUESTS_A_MINUTE = {"holder": 1_000_000, "address": 1_000_000}
    # As Django's test client does: the end of a request would end the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield World()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def operations(world):
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema", get_wsgi_application())
    return [result.ok() for result in schema.get_all_operations()]


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("role", ["coordinator", "practitioner"])
def test_whatever_is_asked_the_api_answers_as_it_is_described(world, operations, program, role, mode):
    asking = program(person=world.people[role]).headers
    statuses = set()
    for operation in operations:
        statuses |= ask(operation, None, asking, mode)
        if "{" in operation.path:
            statuses |= ask(operation, there(world, operation.path), asking, mode)
    # It came to something: not all was refused, nor all let pass.
    assert statuses >= {200, 400, 404}
    assert max(statuses) < 500


def there(world, path):
    """Path parameters that lead to something."""
    about = {"bookings": "booking", "charges": "charge", "invoices": "invoice", "report": "year", "events": "held"}
    kind = path.removeprefix("/api/v1/").partition("/")[0]
    reference = world.objects[about[kind]][0]
    if kind == "report":
        return {"year": reference}
    return {"reference": reference} | ({"number": 1} if "{number}" in path else {})


def ask(operation, path_parameters, headers, mode):
    """Some cases of one operation, each checked against the description; the statuses that were answered."""
    statuses = set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=path_parameters))
    def each(case):
        statuses.add(case.call_and_validate(headers=headers, excluded_checks=TOO_STRICT).status_code)

    each()
    return statuses
