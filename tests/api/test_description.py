"""The OpenAPI document: complete, without a warning, and not in the way of the start."""

import os
import re
import subprocess
import sys

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from api import urls


@pytest.fixture(scope="module")
def document():
    GENERATOR_STATS.reset()
    made = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, "drf-spectacular warns"
    return made


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_it_is_made_without_a_warning_and_valid(document):
    validate_schema(document)


def test_every_address_and_method_of_the_api_is_in_it(document):
    there = {
        (re.sub(r"<\w+:(\w+)>", r"{\1}", f"/api/v1/{pattern.pattern}"), method)
        for pattern in urls.urlpatterns
        if pattern.name != "schema"
        for method in pattern.callback.cls.scopes
    }
    assert {(path, method.upper()) for path, method, _ in operations(document)} == there


def test_every_operation_says_what_it_does_and_what_it_may_answer(document):
    for path, method, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert {"400", "401", "403", "429", "500"} < set(operation["responses"]), path
        assert ("404" in operation["responses"]) == ("{" in path)
        assert ("409" in operation["responses"]) == (method == "post")
        assert operation["security"] == [{"token": []}, {"browser": []}]


def test_every_body_is_closed_to_fields_that_are_not_declared(document):
    schemas = document["components"]["schemas"]
    for path, _, operation in operations(document):
        if "requestBody" in operation:
            reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            assert schemas[reference.rpartition("/")[2]]["additionalProperties"] is False, path


@pytest.mark.django_db
def test_it_is_served_to_everyone(client, document):
    response = client.get("/api/v1/schema")
    assert response["Content-Type"] == "application/json"
    assert response.json() == document


def test_the_framework_of_the_api_comes_with_the_first_request_to_it_only():
    code = (
        "import django, sys; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns; "
        "print(*sys.modules)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
    assert "api.urls" in loaded.stdout.split()
    assert not {"rest_framework", "drf_spectacular", "api.views"} & set(loaded.stdout.split())
