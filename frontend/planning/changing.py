"""Changing an event: its sessions, rooms, trainers and what else is said of it."""

from collections.abc import Iterator, Mapping, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import changes
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.formats import clock, full_date, plural
from frontend.planning import asking, checking
from frontend.planning.checking import Check
from frontend.planning.forms import FactsForm, Resources, SessionForm, facts_now, sessions_now
from training import planning, sessions, telling
from training.clashes import Clash
from training.models import Event, Session
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused
from training.sessions import Sitting


@require_http_methods(["GET", "POST"])
@signed_in
def change_event(request: SignedInRequest, reference: str) -> HttpResponse:
    """As it is, and as it shall be; between the two what speaks against it and how many are told."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_change_programme(request.person), who="A coordinator")
    if event.state in (Event.State.CANCELLED, Event.State.ABANDONED):
        messages.info(request, f"{event} is {event.get_state_display().lower()}: it stays as it was.")
        return returning.to(request, "events:event", reference)
    data = request.POST if request.method == "POST" else None
    stored = sessions.stored(event)
    rows = list(sessions_now(list(stored.values()), data, Resources.load(event)))
    form = FactsForm(data, initial=facts_now(event), fixed=event.state != Event.State.DRAFT)
    if data is not None and not checking.is_back(request) and all(one.is_valid() for one in (form, *rows)):
        answer = _changed(request, event, stored, rows, form)
        if answer is not None:
            return answer
    context = {"event": event, "form": form, "session_forms": rows}
    return render(request, "planning/change.html", context)


def _changed(
    request: SignedInRequest, event: Event, stored: Mapping[int, Session], rows: list[SessionForm], form: FactsForm
) -> HttpResponse | None:
    """On to the event, or the check before it; None where it was refused, which the form says."""
    sittings = [one.sitting() for one in rows if not one.is_left_out]
    facts = form.facts(event.places)
    try:
        clashes = planning.speaks_against(course=event.course, sittings=sittings, facts=facts, event=event)
        check = _check(event, clashes, stored, sittings, facts.certainty)
        told = check.told + check.trainers_told
        if not check.is_passed(request):
            submit = f"Save and tell {plural(told, 'person', 'people')}" if told else "Save all the same"
            return checking.page(request, check, "Before it is saved", str(event), submit)
        planning.change(
            event=event, sittings=sittings, facts=facts, by=request.person, override=checking.reason(request)
        )
    except ProgrammeRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    said = f" {plural(told, 'person is', 'people are')} told in five minutes." if told else ""
    messages.success(request, f"{event.course} is saved.{said}")
    if form.cleaned_data["asks_trainers"]:
        asking.ask(request, event, {part.trainer_id for session in stored.values() for part in session.trainers.all()})
    return returning.to(request, "events:event", event.reference)


def _check(
    event: Event,
    clashes: Sequence[Clash],
    stored: Mapping[int, Session],
    sittings: Sequence[Sitting],
    certainty: str,
) -> Check:
    moves = list(_moves(event, stored, sittings))
    dating = list(_dating(event, certainty))
    if not (moves or dating):
        return Check(clashes)
    # How sure the date is concerns who books; its trainers have agreed to it.
    trainers = telling.to_tell(event).count() if moves else 0
    moved = event if not event.has_begun() and _is_another_day(event, stored, sittings) else None
    return Check(clashes, [*moves, *dating], changes.number_to_tell(event, certainty), trainers, moved)


def _moves(event: Event, stored: Mapping[int, Session], sittings: Sequence[Sitting]) -> Iterator[str]:
    """What changes of the sessions that delegates and trainers are told of, in words."""
    elsewhere = ", online" if event.online_link else ""
    kept = {one.session: one for one in sittings if one.session}
    for key, session in stored.items():
        was = Sitting(session.starts_at, session.ends_at, session.room)
        if (one := kept.get(key)) is None:
            yield f"{_words(was, elsewhere)} is taken out."
        elif _words(one, elsewhere) != _words(was, elsewhere):
            yield f"{_words(was, elsewhere)} becomes {_words(one, elsewhere)}."
    yield from (f"{_words(one, elsewhere)} is added." for one in sittings if one.session is None)


def _dating(event: Event, certainty: str) -> Iterator[str]:
    """The same of whether the date is sure."""
    will_be_sure = certainty == Event.Certainty.SURE
    if event.is_tentative == will_be_sure and event.state == Event.State.PUBLISHED:
        yield "The date is confirmed." if will_be_sure else "The date is not sure any more."


def _is_another_day(event: Event, stored: Mapping[int, Session], sittings: Sequence[Sitting]) -> bool:
    """As the database says that it was moved: its first day, or a session's, becomes another."""
    begins = min(one.starts_at for one in sittings)
    both = [(stored[one.session].starts_at, one.starts_at) for one in sittings if one.session and one.session in stored]
    both += [(event.starts_at, begins)] if event.starts_at else []
    return any(timezone.localdate(was) != timezone.localdate(becomes) for was, becomes in both)


def _words(one: Sitting, elsewhere: str) -> str:
    """elsewhere: what is said of one without a room."""
    where = f", {one.room}" if one.room else elsewhere
    return f"{full_date(one.starts_at)}, {clock(one.starts_at)} to {clock(one.ends_at)}{where}"
