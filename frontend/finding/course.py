"""One course: for whom it is, what it teaches, what comes before, what it costs, when it is; who asks for a date."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bookings.cost_in_words import cost_under
from bookings.policies import Terms
from frontend.access import PersonRequest, SignedInRequest, signed_in
from frontend.formats import clock, full_date, listed, money
from frontend.programme.listing import Row, rows
from frontend.returning import kept_list
from people.models import Agency, Person, StaffGroup
from training import interest
from training.models import Course, CourseFee, Event, Interest, Prerequisite, Topic
from training.moments import span_of_months
from training.permissions import may_change_programme
from training.refusals import HasADate


@dataclass(frozen=True, slots=True)
class Date:
    """A date of the course, and what cancelling a place on it costs."""

    event: Row
    cost: str

    @property
    def until(self) -> str:
        """When it ends: a time, or of an event of several days its last one."""
        starts_at, ends_at = self.event.starts_at, self.event.ends_at
        if starts_at is None or ends_at is None:
            return ""
        is_one_day = timezone.localdate(starts_at) == timezone.localdate(ends_at)
        return clock(ends_at) if is_one_day else full_date(ends_at)


@dataclass(frozen=True, slots=True)
class Needed:
    """A course to have attended before, and within which time."""

    code: str
    title: str
    within: str


@require_safe
def course(request: HttpRequest, code: str) -> HttpResponse:
    """What everybody may know of the course; to a coordinator also which agencies ask for a date."""
    person = cast(PersonRequest, request).person
    found = get_object_or_404(_courses(person), code=code)
    terms = Terms.load()
    dates = [Date(row, cost_under(terms, found, row.starts_at)) for row in rows(found.date_ids) if row.starts_at]
    context = {
        "course": found,
        "dates": dates,
        "aims": [aim.strip() for aim in found.learning_aims.splitlines() if aim.strip()],
        "prerequisites": _prerequisites(found),
        "facts": _facts(found),
        "plans": person is not None and may_change_programme(person),
        "is_known": person is not None,
    }
    return render(request, "finding/course.html", context)


@require_POST
@signed_in
def tell_me(request: SignedInRequest, code: str) -> HttpResponse:
    """Note that the person wants to be told when there is a date."""
    found = get_object_or_404(Course, code=code)
    try:
        interest.register(course=found, person=request.person)
    except HasADate as refusal:
        messages.info(request, f"{refusal} You can book it below.")
    else:
        messages.success(request, f"We will write to you when {found} has a date.")
    return redirect(_address(request, found))


@require_POST
@signed_in
def do_not_tell_me(request: SignedInRequest, code: str) -> HttpResponse:
    """Take it back."""
    found = get_object_or_404(Course, code=code)
    if interest.withdraw(course=found, person=request.person):
        messages.success(request, f"We will not write to you about {found}.")
    return redirect(_address(request, found))


def _address(request: HttpRequest, course: Course) -> str:
    return reverse("finding:course", args=[course.code]) + kept_list(request)


def _courses(person: Person | None) -> Any:
    """Courses with all that their page shows, so that it takes one statement."""
    here = {"course": OuterRef("pk")}
    groups = StaffGroup.objects.filter(courses=OuterRef("pk")).order_by("name")
    needed = Prerequisite.objects.filter(**here).order_by("group", "id")
    asked = Interest.objects.filter(**here)
    by_agency = (
        asked.order_by()
        .values("person__agency__name")
        .annotate(waiting=Count("pk", filter=Q(told_at=None)), told=Count("pk", filter=Q(told_at__isnull=False)))
    )
    dates = Event.objects.open_to_all().filter(**here).order_by("starts_at", "pk")
    return Course.objects.annotate(
        date_ids=ArraySubquery(dates.values("pk")),
        topic_names=ArraySubquery(Topic.objects.filter(courses=OuterRef("pk")).order_by("name").values("name")),
        group_names=ArraySubquery(groups.values("name")),
        needed=ArraySubquery(
            needed.values(
                one=JSONObject(group="group", code="required__code", title="required__title", months="valid_months")
            )
        ),
        fee_list=ArraySubquery(
            CourseFee.objects.filter(**here)
            .order_by("net_amount", "agency_type")
            .values(one=JSONObject(agency_type="agency_type", net_amount="net_amount"))
        ),
        asked_by=ArraySubquery(
            by_agency.order_by("-waiting", "person__agency__name").values(
                one=JSONObject(agency="person__agency__name", waiting="waiting", told="told")
            )
        ),
        # A visitor has asked for nothing.
        is_asked=Exists(Interest.objects.waiting().filter(person=person, **here)) if person else Value(False),
    )


def _prerequisites(course: Any) -> list[list[Needed]]:
    """Groups of courses: one of each is needed."""
    return [
        [Needed(one["code"], one["title"], span_of_months(one["months"]) if one["months"] else "") for one in group]
        for _, group in groupby(course.needed, key=itemgetter("group"))
    ]


def _facts(course: Any) -> list[tuple[str, str]]:
    facts = [
        ("Level", course.level),
        ("Delivery", course.get_delivery_display()),
        ("Duration", course.get_duration_display()),
        ("Topics", ", ".join(course.topic_names)),
        ("Cost of a place", _fees(course)),
        ("Approval", "Your line manager approves your booking" if course.needs_approval else ""),
        ("Refresh", f"Every {span_of_months(course.refresh_months)}" if course.refresh_months else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _fees(course: Any) -> str:
    """£20 for voluntary and community agencies, free for all others."""
    types: dict[Any, list[str]] = defaultdict(list)
    for fee in course.fee_list:
        types[fee["net_amount"]].append(Agency.Type(fee["agency_type"]).label)
    paid = [f"{money(amount)} for {listed(names)}" for amount, names in types.items() if amount]
    return "; ".join([*paid, "free for all others"]) if paid else "Free"
