"""Sessions are read as Django's own store reads them."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as Djangos
from django.contrib.sessions.models import Session
from django.utils import timezone

from frontend.session_store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    session = SessionStore()
    session["said"] = "Siân"
    session.save()
    return session.session_key


def test_it_is_the_one_in_use():
    assert settings.SESSION_ENGINE == "frontend.session_store"


def test_what_was_kept_comes_back_in_one_statement(key, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert SessionStore(key)["said"] == "Siân"
    assert dict(Djangos(key).items()) == dict(SessionStore(key).items())


@pytest.mark.parametrize("store", [SessionStore, Djangos])
def test_one_that_is_over_or_unknown_is_empty_and_its_key_is_not_taken_up(key, store):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for given in (key, "nobodygavethisone"):
        session = store(given)
        assert dict(session.items()) == {}
        assert session.session_key is None


def test_one_that_was_tampered_with_is_empty(key):
    Session.objects.update(session_data="nonsense")
    assert dict(SessionStore(key).items()) == {}
