"""The charging policy, exemptions and closing days: read in words, and changed for a day to come after a check."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import ChargingPolicy, ClosingDay, ExemptionReason
from tests.factories import BookingFactory, ChargingPolicyFactory, CourseFactory, TariffFactory
from tests.frontend.joining import text_of

pytestmark = pytest.mark.django_db


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def date_of(day, name="in_force_from"):
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def form_of(client, address):
    """What the page's form would send unchanged."""
    page = client.get(address).content.decode()
    inputs = [(re.search(r'name="([^"]+)"', one), one) for one in re.findall(r"<input[^>]*>", page)]
    typed = {name[1]: re.search(r'value="([^"]*)"', one) for name, one in inputs if name}
    selects = re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    chosen = {name: re.search(r'<option value="([^"]*)" selected', inside) for name, inside in selects}
    sent = {name: value[1] for name, value in (typed | chosen).items() if value}
    del sent["moves_are_free"]  # not ticked
    return sent


@pytest.fixture
def priced(policy):
    """Two prices, and as many courses as there are kinds of training."""
    CourseFactory(delivery="virtual", duration="half-day")
    return policy


@pytest.mark.parametrize("count", [1, 20])
def test_pages_of_the_policy_take_few_statements(client, sign_in, priced, django_assert_num_queries, count):
    sign_in("finance-officer")
    BookingFactory.create_batch(3, policy=priced)
    others = ChargingPolicyFactory.create_batch(count)
    later = TariffFactory(policy__in_force_from=in_days(10)).policy
    assert others
    for view, args, statements in (
        ("list", [], 5), ("policy", [later.pk], 6), ("new", [], 6), ("withdraw", [later.pk], 6),
        ("exemptions", [], 4), ("closing_days", [], 4),
    ):  # fmt: skip
        with django_assert_num_queries(statements):
            assert client.get(reverse(f"policies:{view}", args=args)).status_code == 200


def test_a_coordinator_reads_it_in_words_and_finds_no_way_to_change_it(client, sign_in, priced, settings):
    settings.REGISTERS_CLOSE_AFTER = 3
    ChargingPolicy.objects.update(late_grace_minutes=20, office_closes_at="17:00")
    sign_in("coordinator")
    page = text_of(client.get(reverse("policies:list")))
    for words in (
        "Cancelled fewer than 5 working days before", "£75", "Late by more than 20 minutes counts as part attendance.",
        "closes by itself after 3 whole working days if nothing differs.",
        "What comes after 5pm, or on a day that is not a working day, counts as received on the next working day.",
    ):  # fmt: skip
        assert words in page
    assert "Make a new version" not in page


def test_a_new_version_is_kept_after_a_page_that_says_what_changes(client, sign_in, priced, django_assert_num_queries):
    ChargingPolicy.objects.update(late_grace_minutes=20)
    finance = sign_in("finance-officer")
    new = reverse("policies:new")
    sent = form_of(client, new) | date_of(in_days(30)) | {"late_grace_minutes": "15", "notice-0": "10"}
    sent |= {"amount-0-virtual-half-day": "37.50"}
    with django_assert_num_queries(7):
        check = text_of(client.post(new, sent))
    assert "Coming late Late by more than 20 minutes counts as part attendance." in check
    assert "Late by more than 15 minutes counts as part attendance." in check
    assert "Fewer than 5 working days before: £75, VAT outside the scope" in check
    assert "Fewer than 10 working days before: £75, VAT outside the scope" in check
    assert "Nothing is charged Fewer than 10 working days before: £37.50" in check
    assert "Did not attend" not in check, "what stays as it is, is not said"
    assert ChargingPolicy.objects.count() == 1, "looking changes nothing"
    page = text_of(client.post(new, sent | {"confirm": "1"}, follow=True))
    assert "Until then it can be changed or withdrawn" in page
    made = ChargingPolicy.objects.get(in_force_from=in_days(30))
    assert (made.late_grace_minutes, made.changed_by, made.tariffs.count()) == (15, finance, 3)
    again = text_of(client.post(new, sent | {"confirm": "1"}))
    assert "The policy was changed since you opened this page" in again, "a second click"
    assert ChargingPolicy.objects.count() == 2


def test_what_cannot_be_is_said_beside_its_field(client, sign_in, priced):
    sign_in("administrator")
    new = reverse("policies:new")
    sent = form_of(client, new) | date_of(in_days(0))
    sent |= {"office_opens_at": "18:00", "amount-1-face-to-face-full-day": "80", "amount-3-virtual-half-day": "5"}
    page = text_of(client.post(new, sent))
    for said in (
        "The first day must be after today", "The office must open before it closes at 17:00",
        "Enter with less than how much notice it is late", "Select the VAT of “Cancelled late, another notice”",
        "Select the VAT of “Part attended”",
    ):  # fmt: skip
        assert said in page
    twice = sent | date_of(in_days(1)) | {"notice-1": "5", "vat-1": "zero"}
    assert "this is stated twice" in text_of(client.post(new, twice))
    assert ChargingPolicy.objects.count() == 1


def test_a_version_to_come_is_changed_and_withdrawn_and_one_that_has_begun_is_not(client, sign_in, priced):
    sign_in("finance-officer")
    later = TariffFactory(policy__in_force_from=in_days(10)).policy
    change = reverse("policies:change", args=[later.pk])
    sent = form_of(client, change) | date_of(in_days(20)) | {"offer_hours": "8"}
    taken = text_of(client.post(change, sent | date_of(priced.in_force_from)))
    assert "The first day must be after today" in taken
    client.post(change, sent | {"confirm": "1"})
    later.refresh_from_db()
    assert (later.in_force_from, later.offer_hours) == (in_days(20), 8)
    withdraw = reverse("policies:withdraw", args=[later.pk])
    assert "goes on" in text_of(client.get(withdraw))
    assert "is withdrawn" in text_of(client.post(withdraw, follow=True))
    assert list(ChargingPolicy.objects.all()) == [priced]
    for view in ("change", "withdraw"):
        answer = client.get(reverse(f"policies:{view}", args=[priced.pk]), follow=True)
        assert "Make a new version from a day to come" in text_of(answer)


def test_a_desk_without_a_policy_writes_the_first(client, sign_in):
    sign_in("finance-officer")
    CourseFactory()
    assert "Write the first version" in text_of(client.get(reverse("policies:list")))
    new = reverse("policies:new")
    sent = form_of(client, new) | date_of(in_days(1))
    sent |= {"vat-1": "exempt", "amount-1-face-to-face-full-day": "50", "confirm": "1"}
    client.post(new, sent)
    assert str(ChargingPolicy.objects.get().tariffs.get()) == "Did not attend, Full day: £50.00"


def test_exemptions_say_what_has_to_be_seen_and_by_when(client, sign_in):
    sign_in("finance-officer")
    sent = {"name": "Sickness", "evidence": "A note of the manager", "working_days_to_tell": "5"}
    page = text_of(client.post(reverse("policies:add_exemption"), sent, follow=True))
    assert "A note of the manager At most 5 working days after the event" in page
    assert "There is an exemption of that name already" in text_of(client.post(reverse("policies:add_exemption"), sent))
    correct = reverse("policies:correct_exemption", args=[ExemptionReason.objects.get().pk])
    assert "Not offered any more" in text_of(client.post(correct, sent | {"is_retired": "on"}, follow=True))


def test_closing_days_are_added_after_a_check_and_taken_out(client, sign_in, priced):
    sign_in("administrator")
    monday = in_days(42) - timedelta(days=in_days(42).weekday())
    booking = BookingFactory(policy=priced, event__days=(monday - in_days(0)).days + 3)
    add = reverse("policies:add_closing_day")
    sent = {"name": "Moving house"} | date_of(monday, "first") | date_of(monday + timedelta(days=1), "last")
    check = text_of(client.post(add, sent))
    assert booking.event.course.title in check
    assert "1 delegate" in check
    assert not ClosingDay.objects.exists()
    assert "shut on 2 days more" in text_of(client.post(add, sent | {"confirm": "1"}, follow=True))
    out = reverse("policies:take_out_closing_day", args=[ClosingDay.objects.first().pk])
    assert "is a working day again" in text_of(client.post(out, follow=True))
    sunday = monday + timedelta(days=6)
    weekend = sent | date_of(sunday, "first") | date_of(sunday, "last")
    assert "on which the office is shut anyhow" in text_of(client.post(add, weekend))
