"""What is asked about an event: its sessions, and what else is said of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from frontend.bookings.forms import TIMES
from frontend.dates import DateField
from frontend.events.joining import JoiningForm
from training.models import Course, Event, Room, Session, Trainer
from training.planning import USUAL, Facts
from training.sessions import Sitting

ORDINALS = ("Trainer", "Second trainer", "Third trainer")
NEW = "new"


@dataclass(frozen=True, slots=True)
class Resources:
    """Rooms and trainers to choose from, by their keys as text, read once for all sessions."""

    rooms: Mapping[str, Room]
    trainers: Mapping[str, Trainer]

    @classmethod
    def load(cls, event: Event | None = None) -> "Resources":
        """Those that are used; of an event also those that it has. In two statements."""
        rooms = Q(is_retired=False, venue__is_retired=False)
        trainers = Q(is_retired=False)
        if event is not None:
            rooms |= Q(pk__in=event.sessions.values("room"))
            trainers |= Q(pk__in=Trainer.objects.filter(sessions__session__event=event).values("pk"))
        return cls(
            {str(room.pk): room for room in Room.objects.filter(rooms).select_related("venue")},
            {str(trainer.pk): trainer for trainer in Trainer.objects.filter(trainers)},
        )

    @property
    def room_choices(self) -> list[tuple[str, str]]:
        named = [
            (key, f"{room} (holds {room.capacity})" if room.capacity else str(room)) for key, room in self.rooms.items()
        ]
        return [("", "Not known yet"), *named]

    @property
    def trainer_choices(self) -> list[tuple[str, str]]:
        return [("", "Nobody yet"), *((key, str(trainer)) for key, trainer in self.trainers.items())]


class SessionForm(forms.Form):
    """One session. The one that is new may be left without a date: then there is none."""

    day = DateField(label="Date", error_messages={"required": "Enter the date"})
    starts = forms.TimeField(
        label="Starts",
        input_formats=TIMES,
        widget=forms.TimeInput(format="%H:%M"),
        error_messages={"invalid": "The start must be written like 9:30 or 2:15pm"},
    )
    ends = forms.TimeField(
        label="Ends",
        input_formats=TIMES,
        widget=forms.TimeInput(format="%H:%M"),
        error_messages={"invalid": "The end must be written like 16:30 or 4:30pm"},
    )
    room = forms.ChoiceField(label="Room", required=False)
    takes_out = forms.BooleanField(label="Take this session out", required=False)

    def __init__(
        self, data: QueryDict | None, *, prefix: str, resources: Resources, initial: dict[str, Any], now: Any = None
    ) -> None:
        """now: the session that it is, with its trainers; None: a new one. prefix NEW: it may be left out."""
        self.resources, self.now = resources, now
        super().__init__(data, prefix=prefix, initial=initial)
        cast(forms.ChoiceField, self.fields["room"]).choices = resources.room_choices
        given = len(now.trainers.all()) if now else 0
        for number in range(max(len(ORDINALS), given + 1)):
            label = ORDINALS[number] if number < len(ORDINALS) else "Another trainer"
            self.fields[f"trainer{number}"] = forms.ChoiceField(
                label=label, required=False, choices=resources.trainer_choices
            )
        if now is None:
            del self.fields["takes_out"]
        if prefix == NEW:
            for name in ("day", "starts", "ends"):
                self.fields[name].required = False

    @property
    def trainers(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name.startswith("trainer")]

    @property
    def is_left_out(self) -> bool:
        """Whether there is no such session, of a form that was sent."""
        return bool(self.cleaned_data.get("takes_out")) or self.cleaned_data.get("day") is None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("day") and "starts" not in self.errors and "ends" not in self.errors:
            for name in ("starts", "ends"):
                if given.get(name) is None:
                    self.add_error(name, f"Enter when it {name}")
        return given

    def sitting(self) -> Sitting:
        given = self.cleaned_data
        keys = dict.fromkeys(given[bound.name] for bound in self.trainers if given[bound.name])
        starts_at, ends_at = (moment(given["day"], given[name]) for name in ("starts", "ends"))
        if self.now and not {"day", "starts", "ends"} & set(self.changed_data):
            # To the second, and past midnight, which the form does not say.
            starts_at, ends_at = self.now.starts_at, self.now.ends_at
        return Sitting(
            starts_at=starts_at,
            ends_at=ends_at,
            room=self.resources.rooms.get(given["room"]),
            trainers=tuple(self.resources.trainers[key] for key in keys),
            session=self.now.pk if self.now else None,
        )


class CourseForm(forms.Form):
    """Of which course an event is made; bound to the address."""

    course = forms.ChoiceField(label="Course", error_messages={"required": "Choose a course"})

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked if "course" in asked else None)
        self.courses = [(code, f"{title} ({code})") for code, title in Course.objects.values_list("code", "title")]
        cast(forms.ChoiceField, self.fields["course"]).choices = [("", "Choose a course"), *self.courses]


class FactsForm(forms.Form):
    """What is said of an event besides its sessions."""

    # Folded until one of them is said or wrong.
    FOLDED = ("minimum", "decide_on", "opens_on", "opens_days", "closes_on", "closes_days")

    places = forms.IntegerField(label="Places", min_value=1, max_value=10_000, required=False)
    trainers_wanted = forms.IntegerField(
        label="Trainers that it needs",
        help_text="While fewer are on it, trainers who may deliver the course can volunteer. Leave it empty to find "
        "them yourself.",
        min_value=0,
        max_value=20,
        required=False,
    )
    asks_trainers = forms.BooleanField(
        label="Ask trainers who are new on it by email",
        help_text="Leave it open where they have agreed already.",
        required=False,
    )
    is_in_house = forms.BooleanField(
        label="In-house", help_text="For one agency or team: it is not on the public list.", required=False
    )
    certainty = forms.ChoiceField(
        label="Is the date sure?",
        choices=Event.Certainty.choices,
        initial=Event.Certainty.SURE,
        widget=forms.RadioSelect,
        required=False,
    )
    minimum = forms.IntegerField(
        label="Minimum numbers",
        help_text="With fewer booked you decide whether it takes place.",
        min_value=1,
        max_value=10_000,
        required=False,
    )
    decide_on = DateField(label="Decide by", help_text="Home tells you until then.", required=False)
    opens_on = DateField(
        label="Booking opens on", help_text="Leave it empty: as soon as it is published.", required=False
    )
    opens_days = forms.IntegerField(
        label="or so many days before the event", min_value=1, max_value=730, required=False
    )
    closes_on = DateField(
        label="Last day of booking", help_text="Leave it empty: until the event begins.", required=False
    )
    closes_days = forms.IntegerField(
        label="or booking closes so many days before the event", min_value=1, max_value=730, required=False
    )

    def __init__(self, data: QueryDict | None, *, initial: dict[str, Any], fixed: bool = False) -> None:
        """fixed: the places are changed elsewhere."""
        super().__init__(data, initial=initial)
        if fixed:
            del self.fields["places"]

    @property
    def is_unfolded(self) -> bool:
        return any(self[name].errors or self[name].value() not in (None, "", ["", "", ""]) for name in self.FOLDED)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("minimum") and not given.get("decide_on") and "decide_on" not in self.errors:
            self.add_error("decide_on", "Enter by when you decide")
        if given.get("decide_on") and not given.get("minimum") and "minimum" not in self.errors:
            self.add_error("minimum", "Enter the minimum numbers, or take the date out")
        for name in ("opens", "closes"):
            if given.get(f"{name}_on") and given.get(f"{name}_days"):
                self.add_error(f"{name}_days", "Give a date or a number of days, not both")
        return given

    def facts(self, places: int) -> Facts:
        """places: where none are given."""
        given = self.cleaned_data
        opens_on, closes_on = given["opens_on"], given["closes_on"]
        return Facts(
            places=given.get("places") or places,
            is_in_house=given["is_in_house"],
            certainty=given["certainty"] or self["certainty"].initial,
            minimum=given["minimum"],
            decide_on=given["decide_on"],
            trainers_wanted=given["trainers_wanted"],
            booking_opens_at=moment(opens_on, time.min) if opens_on else None,
            booking_opens_days=given["opens_days"],
            booking_closes_at=moment(closes_on + timedelta(days=1), time.min) if closes_on else None,
            booking_closes_days=given["closes_days"],
        )


class NewEventForm(FactsForm):
    """Of an event that is new also how it is joined; later that has a page of its own."""

    online_link = JoiningForm.declared_fields["online_link"]


def facts_now(event: Event) -> dict[str, Any]:
    """What the form of facts begins with for an event."""
    opens_at, closes_at = event.booking_opens_at, event.booking_closes_at
    return {
        "places": event.places,
        "is_in_house": event.is_in_house,
        "certainty": event.certainty,
        "minimum": event.minimum,
        "decide_on": event.decide_on,
        "trainers_wanted": event.trainers_wanted,
        "opens_on": timezone.localdate(opens_at) if opens_at and event.booking_opens_days is None else None,
        "opens_days": event.booking_opens_days,
        "closes_on": timezone.localdate(closes_at - timedelta(days=1))
        if closes_at and event.booking_closes_days is None
        else None,
        "closes_days": event.booking_closes_days,
    }


def usual_sessions(course: Course, data: QueryDict | None, resources: Resources) -> Iterator[SessionForm]:
    """The sessions that a course usually has, at their usual times, and one more that may be left out."""
    days, starts, ends = USUAL[Course.Duration(course.duration)]
    initial = {"starts": starts, "ends": ends}
    for number in range(days):
        yield SessionForm(data, prefix=f"s{number}", resources=resources, initial=initial)
    yield SessionForm(data, prefix=NEW, resources=resources, initial=initial)


def sessions_now(sessions: list[Session], data: QueryDict | None, resources: Resources) -> Iterator[SessionForm]:
    """The sessions that an event has, with their trainers, and one more that may be left out."""
    _, starts, ends = USUAL[Course.Duration.FULL_DAY]
    for session in sessions:
        first, last = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
        starts, ends = (one.time().replace(second=0, microsecond=0) for one in (first, last))
        initial = {
            "day": first.date(),
            "starts": starts,
            "ends": ends,
            "room": str(session.room_id or ""),
            **{f"trainer{number}": str(part.trainer_id) for number, part in enumerate(session.trainers.all())},
        }
        yield SessionForm(data, prefix=f"s{session.pk}", resources=resources, initial=initial, now=session)
    yield SessionForm(data, prefix=NEW, resources=resources, initial={"starts": starts, "ends": ends})


def moment(day: date, clock: time) -> datetime:
    """In the partnership's own time."""
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
