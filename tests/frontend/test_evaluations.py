"""The form after an event: by its link, once, without a trace of who; and the pages of results."""

import logging
import re

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking
from evaluations import invitations, links
from evaluations.models import Evaluation, Response
from outbox import delivery
from outbox.models import Message
from tests.evaluations.situations import answer, asked, closed, over
from tests.factories import EventFactory, PartnershipFactory, PersonFactory, SessionTrainerFactory, TrainerFactory
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db

CANARY = "xylophone-canary"
FILLED_IN = {"answer-before": "3", "answer-now": "8", "answer-rating": "4", "answer-comment": CANARY}


def form_of(booking):
    return reverse("evaluations:answer", args=[links.token(booking.reference)])


def results_of(event):
    return reverse("evaluations:event", args=[event.reference])


def tables():
    """All rows of all tables, as text, by table."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"select t::text from {connection.ops.quote_name(name)} t order by 1")
            found[name] = [row for (row,) in cursor.fetchall()]
    return found


def changed(before, after):
    return sorted(name for name in after if after[name] != before.get(name))


# --- the form ------------------------------------------------------------------------------------------------------
def test_the_form_says_what_anonymous_means_asks_and_begins_and_ends_with_where_a_concern_goes(client, settings):
    settings.FRONT_DOOR_PHONE = "0111 496 0111"
    booking = asked(1)[0]
    page = client.get(form_of(booking)).content.decode()
    assert page.count("not here") == page.count("0111 496 0111") == 2
    assert page.index("not here") < page.index("How confident were you before today?") < page.rindex("not here")
    assert page.rindex("not here") < page.index("Send my answers")
    for words in ("Anonymous", "without your name", "at least 5 delegates"):
        assert words in page
    assert page.count('name="answer-before"') == 12
    assert page.count("Not relevant to my role") == 2
    assert "the end of" in page
    assert booking.delegate.name not in page


def test_who_is_signed_in_is_not_named_on_the_form_either(client, sign_in):
    booking = asked(1)[0]
    jade = sign_in(person=booking.delegate)
    assert jade.name in client.get(reverse("home")).content.decode()
    assert jade.name not in client.get(form_of(booking)).content.decode()


def test_a_mail_scanner_opens_the_link_as_often_as_it_likes_and_nothing_happens(client):
    booking = asked(1)[0]
    delivery.send_waiting()
    before = tables()
    for _ in range(5):
        assert client.get(form_of(booking)).status_code == 200
        assert client.head(form_of(booking)).status_code == 200
    assert changed(before, tables()) == []
    assert client.post(form_of(booking), FILLED_IN).status_code == 302


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_sending_writes_the_answers_and_a_day_on_the_booking_and_nothing_else(client, sign_in, is_signed_in):
    booking = asked(2)[0]
    if is_signed_in:
        sign_in(person=booking.delegate)
        client.get(reverse("home"))
    client.get(form_of(booking))
    before, sessions = tables(), list(Session.objects.values_list())
    response = client.post(form_of(booking), FILLED_IN)
    assert response.status_code == 302
    after = tables()
    assert changed(before, after) == ["bookings_booking", "evaluations_response"]
    assert list(Session.objects.values_list()) == sessions
    (new,) = set(after["bookings_booking"]) - set(before["bookings_booking"])
    (old,) = set(before["bookings_booking"]) - set(after["bookings_booking"])
    today = timezone.localdate().isoformat()
    assert new.split(",").count(today) == old.split(",").count(today) + 1
    assert [one for one, two in zip(new.split(","), old.split(","), strict=True) if one != two] == [today]
    answers = Response.objects.get()
    assert answers.answers == {"before": 3, "now": 8, "rating": 4, "comment": CANARY}
    with connection.cursor() as cursor:
        cursor.execute("select r::text from evaluations_response r")
        (row,) = cursor.fetchone()
    for name in (booking.reference, booking.delegate.name, booking.delegate.email, booking.delegate.reference, today):
        assert name not in row
    assert str(response.url) == reverse("evaluations:thanks"), "whose thanks they are the address does not say"


def test_a_canary_in_an_answer_is_nowhere_but_in_the_answer_and_a_name_in_no_log(client, caplog):
    bookings = asked(5, places=20)
    Booking.objects.filter(pk=bookings[0].pk).update(delegate=PersonFactory(name="Quintessa Canary-Name"))
    with caplog.at_level(logging.DEBUG):
        client.get(form_of(bookings[0]))
        client.post(form_of(bookings[0]), FILLED_IN | {"answer-now": "99"})  # refused, and shown again
        client.post(form_of(bookings[0]), FILLED_IN)
        client.post(form_of(bookings[0]), FILLED_IN)
        client.post(form_of(bookings[0])[:-4] + "/", FILLED_IN)
        for booking in bookings[1:]:
            client.post(form_of(booking), FILLED_IN)
        delivery.send_waiting()
        client.get(results_of(bookings[0].event))
    said = "".join(record.getMessage() + str(record.args) for record in caplog.records)
    assert CANARY not in said
    assert "Quintessa" not in said
    holding = [name for name, rows in tables().items() if any(CANARY in row for row in rows)]
    assert holding == ["evaluations_response"]
    named = [name for name, rows in tables().items() if any("Quintessa" in row for row in rows)]
    assert named == ["people_person"]
    history = [model._meta.db_table for model in apps.get_models() if model.__name__.endswith("History")]
    assert history
    assert not any("Quintessa" in row for name in history for row in tables()[name])


def test_a_second_sending_is_thanked_and_changes_nothing(client):
    booking, _ = asked(2)
    client.post(form_of(booking), FILLED_IN)
    before = tables()
    for page in (client.post(form_of(booking), FILLED_IN), client.get(form_of(booking))):
        assert "Already answered, thank you" in page.content.decode()
    assert changed(before, tables()) == []


def test_after_the_close_the_link_says_until_when_it_was_open(client):
    booking, _ = asked(2)
    Evaluation.objects.update(closes_at=timezone.now())
    for page in (client.get(form_of(booking)), client.post(form_of(booking), FILLED_IN)):
        assert "This form is closed" in page.content.decode()
        assert "This form was open until" in page.content.decode()
    assert not Response.objects.exists()


def test_where_nobody_was_asked_the_link_says_so(client):
    booking = over(1).bookings.get()
    assert "Nothing to answer now" in client.get(form_of(booking)).content.decode()


@pytest.mark.parametrize("altered", ["cut", "another booking's", "made up"])
def test_an_altered_link_says_in_words_that_it_does_not_work(client, altered):
    booking, other = asked(2)
    token = links.token(booking.reference)
    wrong = {"cut": token[:-2], "another booking's": f"{other.reference}:{token[11:]}", "made up": "nonsense"}[altered]
    for method in (client.get, client.post):
        page = method(reverse("evaluations:answer", args=[wrong]))
        assert page.status_code == 404
        assert "This link does not work" in page.content.decode()
    assert not Response.objects.exists()


def test_what_is_missing_or_too_long_is_told_and_nothing_typed_is_lost(client):
    booking = asked(2)[0]
    page = client.post(form_of(booking), {"answer-now": "7", "answer-comment": "x" * 5_001}).content.decode()
    assert "There is a problem" in page
    assert 'href="#id_answer-before"' in page
    assert 'id="id_answer-before"' in page
    assert "Write 5,000 characters or fewer" in page
    assert 'value="7" id="id_answer-now-8" checked' in page
    assert "x" * 5_001 in page
    assert not Response.objects.exists()


def test_texts_may_hold_anything_and_are_shown_as_text(client, sign_in):
    bookings = asked(5)
    texts = ["<script>alert(1)</script>", "{{ 7*7 }}", "=1+1", "\u202eright to left", "a\nb"]
    for booking, text in zip(bookings, texts, strict=True):
        assert client.post(form_of(booking), FILLED_IN | {"answer-comment": text}).status_code == 302
    assert client.post(form_of(asked(2)[0]), FILLED_IN | {"answer-comment": "a\0b"}).status_code == 200
    sign_in("coordinator")
    page = client.get(results_of(bookings[0].event)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page


def test_the_form_takes_four_statements_for_who_is_not_signed_in(client, django_assert_num_queries):
    booking = asked(1)[0]
    with django_assert_num_queries(4):
        client.get(form_of(booking))


def test_nothing_of_the_form_is_kept_by_a_browser(client):
    page = client.get(form_of(asked(1)[0]))
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"


# --- the delegate's own pages ----------------------------------------------------------------------------------------
def test_home_and_booking_lead_to_the_form_until_it_is_answered(client, sign_in):
    booking, _ = asked(2)
    sign_in(person=booking.delegate)
    pages = [reverse("home"), reverse("bookings:booking", args=[booking.reference])]
    for page in pages:
        shown = client.get(page).content.decode()
        assert "Tell us how it was" in shown
        assert form_of(booking) in shown
    client.post(form_of(booking), FILLED_IN)
    for page in pages:
        assert "Tell us how it was" not in client.get(page).content.decode()


def test_nobody_else_is_led_to_it(client, sign_in):
    booking, _ = asked(2)
    sign_in("coordinator")
    page = client.get(reverse("bookings:booking", args=[booking.reference])).content.decode()
    assert links.token(booking.reference) not in page
    assert "Tell us how it was" not in page


# --- results ---------------------------------------------------------------------------------------------------------
def trained(event, person):
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=person))


def test_who_sees_an_event_s_results_and_who_its_texts(client, sign_in):
    event = closed(6, texts=True)
    for role in ("coordinator", "subgroup-member"):
        sign_in(role)
        page = client.get(results_of(event)).content.decode()
        assert "5 rose" not in page
        assert "6 rose, 0 stayed, 0 fell" in page
        assert ("Text 1 of" in page) is (role == "coordinator")
    trainer = sign_in()
    assert client.get(results_of(event)).status_code == 403
    trained(event, trainer)
    page = client.get(results_of(event)).content.decode()
    assert "6 rose, 0 stayed, 0 fell" in page
    assert "Text 1 of" not in page
    another = EventFactory(days=-30)
    assert client.get(results_of(another)).status_code == 403
    for role in ("agency-lead", "finance-officer", "administrator", "concerns"):
        sign_in(role)
        assert client.get(results_of(event)).status_code == 403
        assert client.get(reverse("evaluations:latest")).status_code == 403


def test_before_the_release_the_page_tells_when_and_never_how_many(client, sign_in):
    bookings = asked(9)
    sign_in("coordinator")

    def page():
        shown = client.get(results_of(bookings[0].event)).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown)

    before = page()
    assert "Delegates are still answering" in before
    assert "the end of" in before
    for booking in bookings[:8]:
        answer(booking, comment=CANARY)
    assert page() == before


def test_too_few_answers_are_told_as_such(client, sign_in):
    event = closed(4, texts=True)
    sign_in("coordinator")
    page = client.get(results_of(event)).content.decode()
    assert "No results of its own" in page
    assert "Text 1" not in page
    year = FinancialYear.containing(event.ends_at).code
    for address in (
        reverse("evaluations:year", args=[year]),
        reverse("evaluations:course", args=[year, event.course.code]),
    ):
        page = client.get(address).content.decode()
        assert "Withheld: too few answered" in page
        assert "8.00" not in page


@pytest.mark.parametrize("count", [1, 50])
def test_pages_of_results_take_at_most_eight_statements_at_one_event_and_at_fifty(
    client, sign_in, django_assert_num_queries, count
):
    PartnershipFactory()
    # Of one course, so that all are lines of its page.
    first = closed(5, days=30)
    for _ in range(count - 1):
        closed(5, days=30, course=first.course)
    year = FinancialYear.containing(first.ends_at).code
    sign_in("coordinator")
    with django_assert_num_queries(6):
        assert "5 rose" in client.get(results_of(first)).content.decode()
    with django_assert_num_queries(6):
        page = client.get(reverse("evaluations:course", args=[year, first.course.code])).content.decode()
    assert page.count('<th scope="row"><a') == count
    with django_assert_num_queries(5):
        client.get(reverse("evaluations:year", args=[year]))
    trainer = sign_in()
    trained(first, trainer)
    with django_assert_num_queries(7):
        assert "5 rose" in client.get(results_of(first)).content.decode()


def test_the_event_s_page_and_the_report_s_rows_lead_to_results(client, sign_in):
    event = closed(5)
    sign_in("subgroup-member")
    year = FinancialYear.containing(event.ends_at).code
    assert results_of(event) in client.get(reverse("events:event", args=[event.reference])).content.decode()
    rows = reverse("reports:rows", args=[year, "responses"])
    page = client.get(rows).content.decode()
    assert results_of(event) in page
    assert reverse("evaluations:year", args=[year]) in page
    page = client.get(f"{rows}?course={event.course.code}").content.decode()
    assert reverse("evaluations:course", args=[year, event.course.code]) in page
    sign_in()
    assert results_of(event) not in client.get(reverse("events:event", args=[event.reference])).content.decode()


def test_the_mail_s_link_opens_the_form(client, settings, mailoutbox):
    booking = asked(1)[0]
    Message.objects.exclude(template=invitations.INVITATION).delete()
    delivery.send_waiting()
    (mail,) = mailoutbox
    assert mail.to == [booking.delegate.email]
    link = re.search(r"http\S+", mail.body)[0]
    assert link.startswith(settings.SITE_URL)
    assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200
