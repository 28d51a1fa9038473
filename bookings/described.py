"""What coordinators are told of the messages about bookings, whose texts they may edit."""

from bookings import announcements, approval, changes, corrections, leavers, needs, reservations, workshop_choices
from outbox.described import Described, Fact

DELEGATE = "The delegate"
SITE = "https://training.example.org"

# What each message about a booking can say.
FACTS = {
    "name": Fact("The delegate’s name", "Jade Lewis"),
    "course": Fact("The course’s title", "Safeguarding disabled children"),
    "sessions": Fact(
        "When and where: a line for each session", ["Wednesday 3 March 2027, 9:30am to 4:30pm, Civic Centre, Room 2"]
    ),
    "online": Fact("The link to join online; nothing where there is none", f"{SITE}/join-online"),
    "instructions": Fact(
        "The event’s joining instructions; nothing where there are none", ["Park behind the building.", "Bring lunch."]
    ),
    "added": Fact(
        "What the course adds to its messages, and the materials that are given before; nothing where there is nothing",
        ["Please read the guide before:", "The guide: https://learning.example.org/guide.pdf"],
    ),
    "private": Fact(
        "Where there is a link to join online: to keep it to oneself",
        "Please keep the link to yourself: it is for those who have a place.",
    ),
    "reference": Fact("The booking’s reference", "K7QX2MRT4V"),
    "partnership": Fact("The partnership’s name", "Anytown Safeguarding Children Partnership"),
    "email": Fact("The training team’s address; nothing where it is not entered", "training@anytown.example"),
    "contact": Fact(
        "Whom to ask; nothing where the training team’s address is not entered",
        "Is something not right? Answer this message, or write to training@anytown.example.",
    ),
    "page": Fact("Link to the booking", f"{SITE}/bookings/K7QX2MRT4V/"),
    "cancel": Fact("Link to cancel the place", f"{SITE}/bookings/K7QX2MRT4V/cancel/"),
    "needs": Fact("Link to say what the delegate needs on the day", f"{SITE}/bookings/K7QX2MRT4V/needs/"),
    "send_colleague": Fact("Link to send a colleague instead", f"{SITE}/bookings/K7QX2MRT4V/substitute/"),
    "approved": Fact("Who has approved it; nothing where nobody had to", "Sam Osei has approved it."),
    "course_page": Fact("Link to the course’s other dates", f"{SITE}/courses/SDC/"),
}
INSTEAD = Fact(
    "On which date they come first instead; nothing where there is none",
    "You come first on another date, Wednesday 10 March 2027, 9:30am.",
)
COST = Fact(
    "What cancelling costs and until when it is free", "You can cancel free of charge until Monday 1 March 2027."
)
DAY = Fact("The day on which it begins", "Wednesday 3 March 2027")
UNTIL = Fact("Until when", "5pm on Monday 1 March 2027")
LINK = Fact("The delegate’s own link, by which they can answer without signing in", f"{SITE}/waiting-list/…/")
CALENDAR = Fact(
    "What the calendar file does, and that declining it there tells nobody",
    "The file that comes with this message puts it into your calendar. Declining it there does not tell us: if you "
    "cannot come, cancel here, or send a colleague in your place.",
)


def _one(title: str, when: str, *keeps: str, **more: Fact) -> Described:
    return Described(title, DELEGATE, when, FACTS | more, ("name", *keeps))


DESCRIBED = {
    "booking_confirmed": _one(
        "A place is confirmed", "At once when they have a place, whoever booked it",
        "sessions", "added", "calendar", "cancel", "send_colleague",
        cost=COST, calendar=CALENDAR,
        next=Fact("What comes next", "You need not do anything now. We will write again before the day."),
    ),
    changes.CHANGED: _one(
        "Time, place or link has changed", "Some minutes after the last of several changes",
        "sessions", "before", "calendar", "cancel", "send_colleague",
        cost=COST, calendar=CALENDAR,
        what=Fact("“Changed”, or “The date is sure”", "Changed"),
        before=Fact(
            "How it was before", ["Before, it was:", "Tuesday 2 March 2027, 9:30am to 4:30pm, Civic Centre, Room 1"]
        ),
    ),
    "booking_waiting": _one(
        "On the waiting list", "At once when the event is full", "standing", "link",
        standing=Fact("Where they stand on the list, and why it does or does not move", "You are number 2 of 5."),
        link=LINK,
    ),
    "booking_offered": _one(
        "A place is offered", "When a place becomes free for them", "sessions", "until", "link",
        until=UNTIL, cost=COST, link=LINK,
    ),
    "booking_lapsed": _one(
        "An offer has lapsed", "When they did not answer in time", "course", "until", "link", until=UNTIL, link=LINK
    ),
    "booking_left": _one("Off the waiting list", "At once when they leave the list or decline an offer", "course"),
    "booking_cancelled": _one(
        "A place is cancelled", "At once, whoever cancelled it", "sessions", "recorded",
        recorded=Fact(
            "How the cancellation is recorded, and what that costs",
            "You cancelled in time, so there is nothing to pay.",
        ),
    ),
    "booking_substituted": _one(
        "A colleague takes over", "At once, to whom they take it over from", "sessions", "substitute",
        substitute=Fact("The colleague’s name", "Sam Osei"),
    ),
    workshop_choices.CHANGED: _one(
        "Other workshops", "At once, when somebody else chooses other workshops for them", "workshops", "reason",
        workshops=Fact("The workshops that they have now", ["Learning from a practice review (Afternoon, 2pm)"]),
        was=Fact("Those that they had", "Online harm and what parents can do"),
        reason=Fact("Why, as whoever changed them says", "The speaker is ill."),
        by=Fact("Who changed them", "Sam Osei"),
        change=Fact("Link to choose others", f"{SITE}/bookings/K7QX2MRT4V/workshops/"),
    ),
    corrections.TEMPLATE: _one(
        "The register was put right", "When a coordinator chooses whom to tell of it", "sessions", "said",
        said=Fact(
            "What the register says now, and what it said", "It says now: attended. Before, it said: did not attend."
        ),
        follows=Fact(
            "What follows for the delegate; nothing where nothing does",
            "You can make a certificate of attendance on the page of your booking.",
        ),
    ),
    "event_cancelled": _one(
        "The event is cancelled", "At once, to everyone who was on it", "sessions", "reason", "instead",
        reason=Fact("Why, as entered when it was cancelled", "The trainer is ill."),
        instead=INSTEAD,
    ),
    "event_broken_off": _one(
        "The event was broken off", "At once, to everyone who had a place on it", "sessions", "reason", "follows",
        reason=Fact("Why, as entered", "There was a fire alarm."),
        follows=Fact("What it counts as", "It counts in part for everyone who was there."),
        instead=INSTEAD,
    ),
    "reminder_two_weeks": _one(
        "Reminder two weeks before", "Fourteen days before, at 8am", "sessions", "cancel", "send_colleague",
        day=DAY, until=UNTIL, cost=COST,
    ),
    "reminder_cut_off": _one(
        "Reminder before cancelling costs", "Two working days before the last free day", "sessions", "cost", "cancel",
        "send_colleague", day=DAY, until=UNTIL, cost=COST,
    ),
    needs.ARRANGED: _one(
        "What they need is arranged",
        "Five minutes after a coordinator noted what is arranged, or what there is instead. It is read in the booking: "
        "others may see the mailbox",
        "course", "page",
    ),
    "joining_instructions": _one(
        "How to join", "Five days before, where there is something to say; later bookings at once",
        "sessions", "online", "instructions", "added", "private", "cancel", day=DAY, until=UNTIL, cost=COST,
    ),
    "reminder_two_days": _one(
        "Reminder two days before", "Two days before, at 8am", "sessions", "online", "cancel", day=DAY, until=UNTIL,
        cost=COST,
    ),
    leavers.ASKED: Described(
        "Who goes instead of a leaver",
        "The leaver’s line manager, and the training lead of their agency",
        "At once when somebody has left and places of theirs are kept for colleagues",
        {
            "name": Fact("The name of who is asked", "Sam Osei"),
            "leaver": Fact("The name of who has left", "Jade Lewis"),
            "agency": Fact("Their agency", "Anytown NHS Trust"),
            "places": Fact(
                "Their places, each with until when somebody can be named", ["Early help: name somebody by …"]
            ),
            "link": Fact("Link to their bookings", f"{SITE}/bookings/?q=K7QX2MRT4V"),
            "contact": FACTS["contact"],
            "partnership": FACTS["partnership"],
        },
        ("name", "leaver", "places", "link"),
    ),
}  # fmt: skip

_WRITTEN = {
    "subject": Fact("The subject that was written", "Snow: we meet online"),
    "words": Fact("What was written", ["It snows.", "", "We meet online at ten instead."]),
    "by": Fact("Who wrote it", "Kim Marsh"),
}
ANNOUNCEMENTS = {
    announcements.TO_DELEGATE: Described(
        "In your own words, to delegates", "The people of an event whom you choose", "When you send it",
        FACTS | _WRITTEN, ("name", "words", "by"),
    ),
    announcements.TO_TRAINER: Described(
        "In your own words, to trainers", "The trainers of an event", "When you send it",
        {name: FACTS[name] for name in ("name", "course", "sessions", "partnership", "email", "contact")}
        | {"page": Fact("Link to the event", f"{SITE}/events/K7QX2MRT4V/")} | _WRITTEN,
        ("name", "words", "by"),
    ),
}  # fmt: skip

WHOM = Fact("Who is asked: a name, or an address", "Sam Osei")
_TO_DECIDER = {
    "name": Fact("The name of who decides", "Sam Osei"),
    "delegate": Fact("The name of who asks for a place", "Jade Lewis"),
    "agency": Fact("The delegate’s agency", "Anytown NHS Trust"),
    "until": Fact("Until when it can be decided", "5pm on Monday 1 March 2027"),
} | {name: FACTS[name] for name in ("course", "sessions", "reference", "contact", "partnership")}
_TO_DECIDE = _TO_DECIDER | {
    "cost": COST,
    "kept": Fact("That a place is kept meanwhile; nothing where none is", "A place is kept meanwhile."),
    "link": Fact("Their own link, by which they can decide without signing in", f"{SITE}/approve/…/"),
}
_DECIDER = "Who decides: the line manager, their deputy, or who was named"
_KEPT_TO_DECIDE = ("name", "delegate", "course", "until", "link")
APPROVAL = {
    "booking_requested": _one(
        "A place awaits approval", "At once when they ask for a place that has to be approved",
        "sessions", "whom", "until", "kept", "page",
        whom=WHOM, until=UNTIL,
        kept=Fact("Whether a place is kept meanwhile", "A place is kept for you meanwhile."),
    ),
    "booking_declined": _one(
        "A place was not approved", "At once when it is declined", "course", "by", "reason",
        by=Fact("Who declined it: a name, or an address", "Sam Osei"),
        reason=Fact("The reason that was given, or that none was", ["Sam Osei gave this reason:", "“Too few staff.”"]),
    ),
    "booking_request_lapsed": _one(
        "Nobody answered about approval", "When it was not decided in time", "course", "whom", whom=WHOM, until=UNTIL
    ),
    "booking_request_withdrawn": _one(
        "A request for a place is withdrawn", "At once when they cancel before it is decided", "course"
    ),
    approval.REQUEST: Described(
        "Please approve a place", _DECIDER, "At once when somebody asks for it", _TO_DECIDE, _KEPT_TO_DECIDE
    ),
    approval.REMINDER: Described(
        "Approval is still to be decided", _DECIDER,
        "After two working days, once more before the end, and when the delegate reminds them",
        _TO_DECIDE, _KEPT_TO_DECIDE,
    ),
    approval.LAPSED: Described(
        "Approval was not decided in time", _DECIDER, "When the time to decide is over",
        _TO_DECIDER, ("name", "delegate", "course"),
    ),
}  # fmt: skip

_RESERVED = {
    "name": Fact("The name of the agency’s training lead; the agency’s where nobody leads it", "Sam Osei"),
    "agency": Fact("The agency", "Anytown NHS Trust"),
    "places": Fact("How many places", "3 places"),
    "course": FACTS["course"],
    "date": Fact("When the event begins", "Wednesday 3 March 2027, 9:30am"),
    "until": Fact("Until when they are to be named", "5pm on Monday 1 March 2027"),
    "link": Fact("Link to name them or to let them go", f"{SITE}/events/26-001/reserve/"),
    "event": Fact("Link to the event", f"{SITE}/events/26-001/"),
    "contact": FACTS["contact"],
    "partnership": FACTS["partnership"],
}
_LEAD = "The agency’s training lead"
RESERVED = {
    "places_to_name": Described(
        "Reserved places to name", _LEAD, "Two working days before they go back", _RESERVED,
        ("name", "places", "course", "until", "link"),
    ),
    reservations.WENT_BACK: Described(
        "Reserved places went back", _LEAD, "When the time to name them is over", _RESERVED,
        ("name", "places", "course"),
    ),
}  # fmt: skip
