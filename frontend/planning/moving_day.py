"""A bad morning: the events of a day moved online or to another day, after a look at what follows for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.validators import URLValidator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.models import Booking, MakeUp
from frontend.access import SignedInRequest, require, signed_in
from frontend.bookings.forms import TIMES
from frontend.dates import DateField
from frontend.events.joining import WRONG
from frontend.formats import clock, full_date, plural
from people import persons
from training import clashes, moving_day
from training.clashes import Clash
from training.models import Event, Session, Trainer
from training.moving_day import To
from training.permissions import may_change_programme
from training.refusals import ProgrammeRefused
from training.sessions import ANYWHERE, LONGEST_REASON, Sitting

ONLINE, MOVED, LEFT = "online", "moved", "left"
WHAT = ((ONLINE, "It meets online"), (MOVED, "It moves to another day or time"), (LEFT, "It stays as it is"))


class DayForm(forms.Form):
    day = DateField(label="Which day?")


class MoveForm(forms.Form):
    """Of one event: what happens to it, and where it is moved to."""

    what = forms.ChoiceField(label="What happens to it?", choices=WHAT, required=False, widget=forms.RadioSelect)
    link = forms.CharField(
        label="Link to join online",
        required=False,
        max_length=200,
        validators=[URLValidator(schemes=["https", "http"], message=WRONG)],
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    day = DateField(label="New date", required=False)
    starts = forms.TimeField(
        label="Starts",
        required=False,
        input_formats=TIMES,
        widget=forms.TimeInput(format="%H:%M"),
        error_messages={"invalid": "The start must be written like 9:30 or 2:15pm"},
    )
    ends = forms.TimeField(
        label="Ends",
        required=False,
        input_formats=TIMES,
        widget=forms.TimeInput(format="%H:%M"),
        error_messages={"invalid": "The end must be written like 16:30 or 4:30pm"},
    )
    loses_room = forms.BooleanField(label="Give its room back: another one is found later", required=False)
    reason = forms.CharField(
        label="Why both may be", required=False, max_length=LONGEST_REASON,
        help_text="For example: the wall folds away, or they give the first half only. It is kept with the event.",
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, event: Any, here: Sequence[Session], initial: dict[str, Any]) -> None:
        """here: its sessions of the day. Several keep their times."""
        super().__init__(data, prefix=event.reference, initial=initial)
        self.called = f"{event.course.title} ({event.reference})"
        if len(here) > 1:
            del self.fields["starts"], self.fields["ends"]

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data["what"] or LEFT)

    @property
    def has_times(self) -> bool:
        return "starts" in self.fields

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        wanted = {ONLINE: ("link",), MOVED: ("day", "starts", "ends")}.get(given.get("what", ""), ())
        missing = {
            "link": f"Enter the link by which {self.called} is joined",
            "day": f"Enter the date to which {self.called} moves",
            "starts": f"Enter when {self.called} starts",
            "ends": f"Enter when {self.called} ends",
        }
        for name in wanted:
            if name in self.fields and name not in self.errors and not given.get(name):
                self.add_error(name, missing[name])
        return given

    def to(self) -> To:
        given = self.cleaned_data
        return To(given["day"], given.get("starts"), given.get("ends"), keeps_rooms=not given["loses_room"])


class Placed(NamedTuple):
    """Who has a place, or makes up a session, and where their mail goes."""

    name: str
    agency: str
    mailbox: str


@dataclass
class Line:
    """An event of the day, what shall happen to it, and what speaks against that."""

    event: Any
    day: date
    form: MoveForm
    clashes: list[Clash] = field(default_factory=list)

    @property
    def what(self) -> str:
        return self.form.chosen if self.form.is_bound and self.form.is_valid() else LEFT

    @property
    def placed(self) -> list[Placed]:
        there = [(one, one.mailbox) for one in self.event.placed]
        there += {one.booking_id: (one.booking, one.mailbox) for one in self.event.made_up}.values()
        return [Placed(one.delegate.name, one.agency.name, mailbox) for one, mailbox in there]

    @property
    def is_held(self) -> bool:
        """Whether messages wait until its date is confirmed."""
        return bool(self.event.certainty == Event.Certainty.HELD)

    @property
    def told(self) -> int:
        return 0 if self.is_held else sum(bool(one.mailbox) for one in self.placed)

    @property
    def unreached(self) -> list[Placed]:
        return [one for one in self.placed if not one.mailbox]

    @property
    def trainers(self) -> list[str]:
        return sorted({name for one in self.event.of_the_day for name in one.trainer_names})

    @property
    def sittings(self) -> list[Sitting]:
        """All its sessions, with those of the day where they shall be."""
        return moving_day.moved(self.event.sittings, self.day, self.form.to())

    @property
    def becomes(self) -> dict[int, tuple[str, str]]:
        """By their numbers, how the sessions that move are, and shall be."""
        both = enumerate(zip(self.event.sittings, self.sittings, strict=True))
        roomless = "online" if self.event.online_link else "room not known yet"
        return {number: (_words(was, roomless), _words(one, roomless)) for number, (was, one) in both if was != one}

    @property
    def renumbered(self) -> list[tuple[int, int]]:
        """The numbers, as delegates read them, of its sessions that come before or after another one than now."""
        order = sorted(range(len(self.sittings)), key=lambda number: self.sittings[number].starts_at)
        return [(was + 1, now + 1) for now, was in enumerate(order) if was != now]

    @property
    def has_room(self) -> bool:
        """Whether it meets in a room on the day. Its trainers are told when they lose it, but not of a link alone."""
        return any(one.room for one in self.event.of_the_day)

    @property
    def is_free(self) -> bool:
        """Whether cancelling is free from then on: on another day, until the event begins."""
        return bool(self.form.to().day != self.day and not self.event.has_begun())

    @property
    def needs_reason(self) -> bool:
        return any(clash.is_refused for clash in self.clashes)

    @property
    def done(self) -> str:
        """What was done with it."""
        where = "online" if self.what == ONLINE else f"to {full_date(self.form.to().day)}"
        return f"{self.form.called} {where}"


@require_http_methods(["GET", "POST"])
@signed_in
def move_day(request: SignedInRequest) -> HttpResponse:
    """The day's events; what follows for those that are moved; then each of them is, or says why not."""
    require(may_change_programme(request.person), who="A coordinator")
    day, chosen = _day(request)
    posted = request.POST if request.method == "POST" else None
    lines = _lines(request, day, chosen, posted)
    is_valid = posted is not None and all(line.form.is_valid() for line in lines)
    moving = [line for line in lines if line.what != LEFT] if is_valid else []
    checks = bool(moving) and "change" not in request.POST
    if checks:
        _look_for_clashes(moving)
    if "confirm" in request.POST and is_valid and _have_their_reasons(moving):
        _move(request, day, moving)
        return redirect(f"{reverse('planning:move_day')}?{_asked(day)}")
    if is_valid and lines and not moving:
        messages.error(request, "Choose for at least one event that it meets online or moves.")
    context = {
        "day": day,
        "form": DayForm(initial={"day": day}),
        "lines": moving if checks else lines,
        "checks": checks,
        "entered": _entered(request, moving) if checks else (),
        "asked": _asked(day),
    }
    return render(request, "planning/move_day.html", context)


def _move(request: SignedInRequest, day: date, moving: list[Line]) -> None:
    """Each event on its own: where one is refused the others are moved all the same, and it is said which is which."""
    done = []
    for line in moving:
        name = line.form.called
        try:
            if _has_moved(request, day, line):
                done.append(line)
            else:
                messages.info(request, f"{name} is so already. Nothing was changed.")
        except ProgrammeRefused as refusal:
            messages.error(request, f"{name} is not moved. {refusal}")
    if not moving:
        messages.info(request, "Nothing was changed: these events do not meet on this day any more.")
    if done:
        told = plural(sum(line.told for line in done), "person is", "people are")
        said = f"Moved: {'; '.join(line.done for line in done)}. {told} told in five minutes."
        untold = [line.form.called for line in done if line.what == ONLINE and line.trainers and not line.has_room]
        messages.success(request, said + (f" Write to the trainers of {'; '.join(untold)} yourself." if untold else ""))


def _has_moved(request: SignedInRequest, day: date, line: Line) -> bool:
    if line.what == ONLINE:
        return moving_day.move_online(event=line.event, day=day, link=line.form.cleaned_data["link"], by=request.person)
    reason = line.form.cleaned_data["reason"]
    return moving_day.move(event=line.event, day=day, to=line.form.to(), by=request.person, override=reason)


def _have_their_reasons(moving: list[Line]) -> bool:
    lacking = [line for line in moving if line.needs_reason and not line.form.cleaned_data["reason"]]
    for line in lacking:
        line.form.add_error("reason", "Enter why both may be, or change something")
    return not lacking


def _look_for_clashes(moving: list[Line]) -> None:
    """With what is planned, in one statement; and of those that move with each other."""
    moved = [(line, line.sittings) for line in moving if line.what == MOVED]
    plans = [clashes.Plan(sittings, line.event.course, line.event.places, line.event) for line, sittings in moved]
    found = clashes.find_each(plans) if plans else []
    for (line, _), against in zip(moved, found, strict=True):
        # What stays where it is was seen before, and no room becomes smaller.
        line.clashes = [one for one in against if one.number in line.becomes and one.kind != "capacity"]
    for (one, its), (other, theirs) in combinations(moved, 2):
        other.clashes += _between(one.event, its, theirs)


def _between(event: Any, its: Sequence[Sitting], theirs: Sequence[Sitting]) -> Iterator[Clash]:
    for number, other in enumerate(theirs):
        for one in its:
            if not (one.starts_at < other.ends_at and other.starts_at < one.ends_at):
                continue
            shared: list[tuple[str, Any]] = [("trainer", part) for part in other.trainers if part in one.trainers]
            shared += [("room", other.room)] if other.room and other.room == one.room else []
            for kind, what in shared:
                yield Clash(
                    number, kind, what.pk, str(what), event.reference, event.course.title,
                    one.starts_at, one.ends_at, None,
                )  # fmt: skip


def _day(request: SignedInRequest) -> tuple[date, str]:
    """The day that is asked for, or that of the event which is; else today. And the event's reference."""
    form = DayForm(request.GET if "day-day" in request.GET else None)
    if form.is_valid() and form.cleaned_data["day"]:
        return form.cleaned_data["day"], ""
    chosen = request.GET.get("event", "")
    sessions = Session.objects.filter(event__reference=chosen, ends_at__gt=timezone.now()).order_by("starts_at")
    first = sessions.first() if chosen else None
    return (timezone.localdate(first.starts_at) if first else timezone.localdate()), chosen


def _asked(day: date) -> str:
    asked = QueryDict(mutable=True)
    asked.update({"day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)})
    return asked.urlencode()


def _entered(request: SignedInRequest, moving: list[Line]) -> Iterator[tuple[str, str]]:
    """What was entered for those that move, to be sent again from the check; but why they clash, which that asks."""
    for line in moving:
        prefix, reason = f"{line.event.reference}-", line.form.add_prefix("reason")
        for name, values in request.POST.lists():
            if name.startswith(prefix) and (name != reason or not line.needs_reason):
                yield from ((name, str(value)) for value in values)


def _lines(request: SignedInRequest, day: date, chosen: str, posted: QueryDict | None) -> list[Line]:
    """In the order of their beginning, in four statements."""
    now = timezone.now()
    here = Session.objects.filter(starts_at__date=day, ends_at__gt=now)
    events = (
        Event.objects.visible_to(request.person)
        .filter(pk__in=here.values("event"), state=Event.State.PUBLISHED)
        .exclude(course__delivery__in=ANYWHERE)
        .select_related("course")
        .prefetch_related(
            Prefetch("sessions", _sessions()),
            Prefetch("bookings", _placed(), to_attr="placed"),
            Prefetch("make_ups", _made_up().filter(session__ends_at__gt=now), to_attr="made_up"),
        )
        .order_by("starts_at", "pk")
    )
    return [_line(event, day, event.reference == chosen, posted) for event in events]


def _line(event: Any, day: date, is_chosen: bool, posted: QueryDict | None) -> Line:
    event.sittings = [_sitting(one) for one in event.sessions.all()]
    event.of_the_day = [
        one for one in event.sessions.all() if timezone.localdate(one.starts_at) == day and one.ends_at > timezone.now()
    ]
    first, last = (timezone.localtime(one) for one in (event.of_the_day[0].starts_at, event.of_the_day[-1].ends_at))
    initial = {
        "what": ONLINE if is_chosen else LEFT,
        "link": event.online_link,
        "starts": first.time(),
        "ends": last.time(),
    }
    return Line(event, day, MoveForm(posted, event=event, here=event.of_the_day, initial=initial))


def _sessions() -> QuerySet[Any]:
    """Each with the keys and names of its trainers, in the same order."""
    is_given = Q(trainers__trainer__isnull=False)
    order = ("trainers__trainer__name", "trainers__trainer")
    keys = {
        name: ArrayAgg(of, filter=is_given, default=[], order_by=order)
        for name, of in (("trainer_keys", "trainers__trainer"), ("trainer_names", "trainers__trainer__name"))
    }
    return Session.objects.select_related("room__venue").annotate(**keys).order_by("starts_at", "id")


def _placed() -> QuerySet[Any]:
    placed = Booking.objects.on_the_register().exclude(source=Booking.Source.WALK_IN)
    with_people = placed.select_related("delegate", "agency").annotate(mailbox=persons.mailbox("delegate"))
    return with_people.order_by("delegate__sort_name", "pk")


def _made_up() -> QuerySet[Any]:
    made_up = MakeUp.objects.live().annotate(mailbox=persons.mailbox("booking__delegate"))
    return made_up.select_related("booking__delegate", "booking__agency").order_by("booking__delegate__sort_name", "pk")


def _sitting(session: Any) -> Sitting:
    """With as much of its trainers as clashes are found by."""
    trainers = zip(session.trainer_keys, session.trainer_names, strict=True)
    given = tuple(Trainer(pk=key, name=name) for key, name in trainers)
    return Sitting(session.starts_at, session.ends_at, session.room, given, session.pk)


def _words(one: Sitting, roomless: str) -> str:
    return f"{full_date(one.starts_at)}, {clock(one.starts_at)} to {clock(one.ends_at)}, {one.room or roomless}"
