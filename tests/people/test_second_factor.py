"""Of whom a second factor is demanded, and what is done when one is lost."""

import pytest
from allauth.mfa.models import Authenticator

from outbox import templates
from outbox.models import Message
from people import acting, second_factor
from people.models import Account, Role
from people.permissions import STAFF_ROLES, may_reset_second_factor
from tests.factories import AccountFactory, PartnershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demanded(settings):
    settings.SECOND_FACTOR_DEMANDED = True


def person(*roles):
    return PersonFactory(account=AccountFactory(), roles=roles)


def factor(person, kind="totp"):
    return Authenticator.objects.create(user=person.account, type=kind, data={"secret": "x", "name": "My passkey"})


@pytest.mark.parametrize("role", Role)
def test_a_second_factor_is_demanded_of_staff_roles_only(role):
    assert second_factor.is_demanded_of(person(role)) is (role in STAFF_ROLES)


def test_nothing_is_demanded_of_practitioners_or_in_the_demonstration(settings):
    assert not second_factor.is_missing(person())
    settings.SECOND_FACTOR_DEMANDED = False
    assert not second_factor.is_missing(person("administrator"))


@pytest.mark.parametrize(("kind", "is_missing"), [("totp", False), ("webauthn", False), ("recovery_codes", True)])
def test_an_app_or_a_key_is_a_factor_and_recovery_codes_alone_are_none(kind, is_missing):
    one = person("coordinator")
    assert second_factor.is_missing(one)
    factor(one, kind)
    assert second_factor.is_missing(one) is is_missing


def test_whether_there_is_one_comes_with_the_person(django_assert_num_queries):
    with_one, without = person("coordinator"), person("coordinator")
    factor(with_one)
    factor(without, "recovery_codes")
    with django_assert_num_queries(2):
        found = [acting.account_with_persons(one.account_id).acting[0] for one in (with_one, without)]
        assert [second_factor.is_missing(one) for one in found] == [False, True]


def test_the_last_factor_stays_while_one_is_demanded(settings):
    one = person("coordinator")
    app = factor(one)
    factor(one, "recovery_codes")
    assert not second_factor.may_be_removed(app)
    factor(one, "webauthn")
    assert second_factor.may_be_removed(app)
    assert second_factor.may_be_removed(factor(person()))


# --- Lost ------------------------------------------------------------------------------------------------------------


def test_an_administrator_takes_a_lost_factor_off_and_its_sessions_end():
    PartnershipFactory(training_email="training@anytown.example")
    one, other, by = person("coordinator"), person("coordinator"), person("administrator")
    for kind in ("totp", "recovery_codes"):
        factor(one, kind)
    factor(other)
    second_factor.reset(person=one, by=by)
    assert list(Authenticator.objects.values_list("user", flat=True)) == [other.account_id]
    assert Account.objects.get(pk=one.account_id).epoch == 1
    message = Message.objects.get()
    assert (message.to, message.template) == (one.account.email, "second_factor_reset")
    body = templates.make(message.template, message.reference).body
    assert "training@anytown.example" in body
    assert by.name not in body


def test_nobody_resets_their_own():
    one = person("administrator")
    factor(one)
    with pytest.raises(second_factor.OnesOwn):
        second_factor.reset(person=one, by=one)
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize("one", [person, PersonFactory])
def test_where_there_is_none_nothing_is_reset(one):
    with pytest.raises(second_factor.NothingToReset):
        second_factor.reset(person=one(), by=person("administrator"))
    assert Message.objects.count() == 0


@pytest.mark.parametrize("role", Role)
def test_only_administrators_reset(role):
    assert may_reset_second_factor(person(role)) is (role == Role.ADMINISTRATOR)
