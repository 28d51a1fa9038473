import pytest
from django.core.management import CommandError, call_command

from people.models import Account, Agency, Person

pytestmark = pytest.mark.django_db
WHO = {"name": "Ann Lee", "agency": "Anytown Council"}


def test_the_first_person_is_let_in_and_can_be_asked_for_twice(capsys):
    call_command("make_administrator", "Ann@Example.org", **WHO)
    assert "signs in with a code sent to ann@example.org" in capsys.readouterr().out
    person = Person.objects.get()
    assert person.roles == {"administrator"}
    assert person.account.email == "ann@example.org"
    assert not person.account.has_usable_password()
    assert Agency.objects.get().name == "Anytown Council"
    with pytest.raises(CommandError):
        call_command("make_administrator", "ann@example.org", **WHO)
    assert Account.objects.count() == Agency.objects.count() == 1


def test_what_is_no_address_is_refused():
    with pytest.raises(CommandError, match="ann is no e-mail address"):
        call_command("make_administrator", "ann", **WHO)
    assert not Person.objects.exists()
