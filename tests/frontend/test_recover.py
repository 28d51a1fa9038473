"""What a coordinator takes out, ends or cancels: it comes back, or the page before says that it cannot."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.factories import PersonFactory, TrainerFactory
from tests.frontend.joining import text_of
from tests.training.factories import AbsenceFactory, ClearanceFactory, StepTakenFactory
from training.models import Absence, Clearance, StepTaken

pytestmark = pytest.mark.django_db

# By the address that brings it back; or in words why nothing is lost, or why it cannot be and where that is said first.
BACK = {
    # The programme.
    "events:cancel": "events:do_not_cancel",  # for ten minutes, in which nobody is told
    "events:break_off": "People have been told: the page before says so.",
    "events:workshop_out": "events:add_workshop",  # only what no booking has chosen
    "events:stop_keeping": "events:put_back",
    "events:let_go": "agency_bookings:reserve",
    "agency_bookings:let_go": "agency_bookings:reserve",
    "events:materials": "events:materials",
    # Bookings and registers.
    "bookings:cancel": "bookings:bring_back",  # for ten minutes, while the place is free; then events:book
    "bookings:take_back_need": "bookings:arrange_need",
    "bookings:take_out_reason": "bookings:reason",  # what was written is deleted, as the page says
    "bookings:take_back_make_up": "bookings:make_up",
    "registers:close": "registers:reopen",
    # Trainers.
    "trainers:end_clearance": "trainers:put_back",
    "trainers:take_out_step": "trainers:put_back",
    "trainers:back": "trainers:put_back",
    "trainers:i_am_back": "trainers:mine",
    # People and agencies.
    "people:left": "people:not_left",
    "people:merge": "people:undo_merge",
    "people:stop_change": "people:agency",
    "people:take_role": "people:give_role",
    "agencies:remove_name": "agencies:add_name",
    "agencies:remove_domain": "agencies:add_domain",
    "joining:withdraw": "joining:invite",
    # Messages.
    "messages:original_template": "messages:edit_template",  # each version stays to be read
    "messages:stop": "messages:send_again",
    "messages:throw_away_held": "messages:send_again",
    # What others take back about themselves.
    "approvals:end_deputy": "approvals:deputy",
    "api_access:revoke_token": "A token is never shown again: a new one is made.",
    "calendar:end": "A private address is never shown again: a new one is made.",
    "mfa_remove_webauthn": "mfa_add_webauthn",
    "policies:withdraw": "policies:new",  # the page before says that the same can be written again
    "policies:take_out_closing_day": "policies:add_closing_day",
    "charges:waive": "A waived charge is proposed anew where it should not have been.",
}
WORDS = ("remove", "delete", "end", "withdraw", "take", "out", "stop", "let-go", "throw-away", "revoke", "original")


def addresses(resolver, namespace="", path=""):
    """Each address of ours as its view's name and its path."""
    for one in resolver.url_patterns:
        here = path + str(one.pattern)
        if hasattr(one, "url_patterns"):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from addresses(one, inner, here)
        elif one.name:
            yield namespace + one.name, here


def test_each_address_that_takes_something_out_is_listed_with_how_it_comes_back():
    every = dict(addresses(get_resolver()))
    takes = {name for name, path in every.items() if path.rstrip("/").rsplit("/", 1)[-1].startswith(WORDS)}
    assert takes <= set(BACK)
    assert set(BACK) <= set(every)
    assert {back for back in BACK.values() if " " not in back} <= set(every)


def token_of(address):
    return parse_qs(urlsplit(address).query)["ended"][0]


def test_what_was_signed_about_a_trainer_is_put_back_with_who_signed_it_and_when(client, sign_in):
    sign_in("coordinator")
    trainer, signer = TrainerFactory(), PersonFactory()
    long_ago = timezone.localdate() - timedelta(days=400)
    signed = ClearanceFactory(trainer=trainer, signed_on=long_ago, signed_by=signer, evidence="Observed by D. Marsh")
    step = StepTakenFactory(trainer=trainer, signed_on=long_ago, taken_on=long_ago, signed_by=signer)
    away = AbsenceFactory(trainer=trainer)
    put_back = reverse("trainers:put_back", args=[trainer.pk])
    for row, address in (
        (signed, reverse("trainers:end_clearance", args=[trainer.pk, signed.pk])),
        (step, reverse("trainers:take_out_step", args=[trainer.pk, step.course.code, step.step.pk])),
        (away, reverse("trainers:back", args=[trainer.pk, away.pk])),
    ):
        model = type(row)
        was = model.objects.values().get()
        there = client.post(address).url
        assert "Put it back" in text_of(client.get(there))
        assert not model.objects.exists()
        token = token_of(there)
        assert "put back as it was" in text_of(client.post(put_back, {"ended": token}, follow=True))
        assert model.objects.values().get() == was
        assert "there again already" in text_of(client.post(put_back, {"ended": token}, follow=True))


def test_what_nobody_signed_or_is_about_another_trainer_is_not_put_back(client, sign_in):
    sign_in("coordinator")
    away, other = AbsenceFactory(), TrainerFactory()
    token = token_of(client.post(reverse("trainers:back", args=[away.trainer_id, away.pk])).url)
    for trainer, sent, said in (
        (other.pk, token, "not about this trainer"),
        (away.trainer_id, token + "x", "Enter it anew"),
        (away.trainer_id, "", "Enter it anew"),
    ):
        done = client.post(reverse("trainers:put_back", args=[trainer]), {"ended": sent}, follow=True)
        assert said in text_of(done)
    assert not Absence.objects.exists()
    assert not Clearance.objects.exists()
    assert not StepTaken.objects.exists()
