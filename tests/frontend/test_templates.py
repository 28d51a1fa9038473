"""Messages' texts, edited on pages by coordinators."""

import pytest
from django.urls import reverse

from outbox import delivery, templates, wordings
from outbox.models import Message
from outbox.wordings import Wording
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    EventFactory,
    MessageFactory,
    PartnershipFactory,
    TariffFactory,
)

pytestmark = pytest.mark.django_db
NAME = "booking_confirmed"
BODY = "Dear $name,\r\n\r\n  $sessions\r\n\r\n$calendar\r\n\r\n[Cancel] $cancel\r\n[Send] $send_colleague\r\n\r\n$added"
ASKED = {"seen": "0", "subject": "Yours: $course", "body": BODY}


def door(page, name=NAME):
    return reverse(f"messages:{page}", args=[name])


def words_of(response):
    return response.content.decode()


def post(client, **asked):
    return client.post(door("edit_template"), ASKED | asked)


def edited_by(person, count):
    for number in range(count):
        wordings.save(name=NAME, wording=Wording(f"No. {number}", "$name"), seen=number, by=person.reference)


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize(("page", "statements"), [("templates", 5), ("template", 5), ("edit_template", 4)])
def test_pages_take_as_many_statements_at_one_version_and_at_fifty(
    client, sign_in, django_assert_num_queries, page, statements, count
):
    edited_by(sign_in("coordinator"), count)
    address = reverse("messages:templates") if page == "templates" else door(page)
    with django_assert_num_queries(statements):
        words_of(client.get(address))


@pytest.mark.parametrize("sessions", [1, 9])
def test_a_preview_takes_eight_statements(client, sign_in, django_assert_num_queries, sessions):
    sign_in("coordinator")
    PartnershipFactory()
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy, reason="cancelled-late")
    booking = BookingFactory(policy=policy, event=EventFactory(sessions=sessions))
    MessageFactory(template=NAME, reference=booking.reference)
    with django_assert_num_queries(8):
        page = words_of(post(client, preview="1"))
    assert f"Dear {booking.delegate.name}," in page


def test_all_are_listed_with_who_gets_them_and_when_and_who_changed_one(client, sign_in):
    me = sign_in("coordinator", name="Kim Coordinator")
    edited_by(me, 1)
    page = words_of(client.get(reverse("messages:templates")))
    assert page.count('<th scope="row">') == len(templates.described())
    assert "Fourteen days before, at 8am" in page
    assert page.count(", Kim Coordinator</span>") == 1
    assert reverse("messages:templates") in words_of(client.get(reverse("messages:list")))


def test_a_template_shows_its_text_its_placeholders_and_what_must_stay(client, sign_in):
    sign_in("coordinator")
    page = words_of(client.get(door("template")))
    assert "Your place on $course is confirmed" in page
    for name, fact in templates.described()[NAME].facts.items():
        assert f"<code>${name}</code>" in page
        assert fact.what in page
    assert page.count("Must stay") == len(templates.described()[NAME].keeps)


def test_a_text_is_previewed_tried_saved_and_taken_back(client, sign_in):
    me = sign_in("coordinator")
    booking = BookingFactory(event__course__title="Neglect", delegate__name="Jade Lewis")
    assert "With made-up facts" in words_of(post(client, preview="1"))
    MessageFactory(template=NAME, reference=booking.reference)
    page = words_of(post(client, preview="1"))
    assert "Yours: Neglect" in page
    assert "With what it was last sent about" in page
    assert booking.reference not in page  # its links are left out
    assert "It is not saved yet" in page

    page = words_of(post(client, test="1"))
    assert f"A test is on its way to {me.email}" in page
    assert Message.objects.get(template=wordings.TRIAL).to == me.email
    assert templates.make(NAME, booking.reference).subject == "Your place on Neglect is confirmed"

    assert post(client, save="1").url == door("template")
    text = templates.make(NAME, booking.reference)
    assert text.subject == "Yours: Neglect"
    assert text.body.startswith("Dear Jade Lewis,\n\n  ")
    page = words_of(client.get(door("template")))
    assert "Version 1" in page
    assert "[Cancel] $cancel" in words_of(client.get(door("edit_template")))

    assert "Your place on $course is confirmed" in words_of(client.get(door("original_template")))
    client.post(door("original_template"))
    assert templates.make(NAME, booking.reference).subject == "Your place on Neglect is confirmed"
    assert "Back to the original, by" in words_of(client.get(door("template")))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"body": BODY + "\n$link"}, "$link is no placeholder of this message. Those that there are: $name, $course"),
        ({"subject": "$secret"}, "$secret is no placeholder"),
        ({"body": BODY.replace("$calendar", "")}, "This message must keep $calendar: put it back"),
        ({"body": BODY.replace("[Cancel] $cancel", "")}, "This message must keep $cancel"),
        ({"subject": "See $cancel"}, "does not go into a subject"),
        ({"subject": ""}, "Enter subject"),
        ({"body": ""}, "Enter text"),
    ],
)
@pytest.mark.parametrize("how", ["save", "preview", "test"])
def test_a_wrong_text_is_refused_with_what_to_do_and_kept_on_the_page(client, sign_in, changes, said, how):
    sign_in("coordinator")
    page = words_of(post(client, **changes, **{how: "1"}))
    assert said in page
    assert "There is a problem" in page
    assert not wordings.versions()
    assert not Message.objects.exists()


def test_who_saves_over_another_is_told_once_and_loses_nothing(client, sign_in):
    edited_by(sign_in("coordinator"), 1)
    page = words_of(post(client, save="1"))
    assert "Somebody else saved another text" in page
    assert "Yours: $course" in page
    assert 'name="seen" value="1"' in page
    assert post(client, save="1", seen="1").status_code == 302
    assert wordings.versions(NAME).first().subject == "Yours: $course"


def test_a_messages_page_says_what_the_edited_text_makes_of_it(client, sign_in):
    sign_in("coordinator")
    post(client, save="1")
    message = MessageFactory(template=NAME, reference=BookingFactory(event__course__title="Neglect").reference)
    page = words_of(client.get(reverse("messages:message", args=[message.pk])))
    assert "Yours: Neglect" in page
    assert "A place is confirmed" in page


def test_a_test_stands_in_the_log_and_can_be_read(client, sign_in):
    sign_in("coordinator")
    post(client, test="1")
    delivery.send_waiting()
    message = Message.objects.get()
    assert message.state == "done"
    assert "Test: Yours:" in words_of(client.get(reverse("messages:message", args=[message.pk])))
