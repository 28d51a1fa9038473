"""The links in the head of each page, and whom each is shown to. An area adds its line here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from frontend.addresses import address
from people.models import Person
from people.permissions import Right, may


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    view: str
    # Any one of them shows the link; none means that everyone signed in sees it.
    rights: tuple[Right, ...] = ()
    # Whoever has one of these finds the area under another link.
    unless: tuple[Right, ...] = ()
    # Whether it is shown to line managers too: a relation, not a role.
    for_line_managers: bool = False
    # Areas without a line of their own that lie under it.
    also: tuple[str, ...] = ()

    @property
    def areas(self) -> tuple[str, ...]:
        return (self.view.rpartition(":")[0] or self.view, *self.also)


_PROGRAMME = (Right.READ_PROGRAMME,)

ENTRIES = (
    Entry("Home", "home"),
    Entry(
        "Find training", "finding:list", unless=_PROGRAMME, also=("programme", "events", "registers", "agency_bookings")
    ),
    Entry(
        "Programme",
        "programme:list",
        _PROGRAMME,
        also=(
            "finding",
            "events",
            "registers",
            "agency_bookings",
            "imports",
            "planning",
            "venues",
            "trainers",
        ),
    ),
    Entry("Bookings", "bookings:list"),
    Entry("Approvals", "approvals:list", (Right.CHANGE_BOOKINGS, Right.SEE_OWN_AGENCY), for_line_managers=True),
    Entry("My training", "holding:my_training", also=("own", "calendar")),
    Entry(
        "Staff training", "staff_training:list", (Right.SEE_OWN_AGENCY,), for_line_managers=True, also=("agency_use",)
    ),
    Entry("Charges", "charges:list", (Right.SEE_CHARGES, Right.SEE_OWN_AGENCY), also=("policies",)),
    Entry("Charging policy", "policies:list", (Right.SEE_POLICIES,), unless=(Right.SEE_CHARGES,)),
    Entry("Invoices", "invoices:list", (Right.SEE_INVOICES, Right.SEE_OWN_AGENCY)),
    Entry("Results", "evaluations:latest", (Right.SEE_EVALUATION_RESULTS,)),
    Entry("Report", "reports:latest", (Right.SEE_REPORT, Right.SEE_REPORT_MONEY, Right.SEE_OWN_AGENCY)),
    Entry("People", "people:list", (Right.CHANGE_PEOPLE, Right.SEE_OWN_AGENCY), also=("agencies", "joining")),
    Entry("Agencies", "agencies:list", (Right.SEE_AGENCIES,), unless=(Right.CHANGE_PEOPLE,)),
    Entry("Messages", "messages:list", (Right.SEE_BACKGROUND,), also=("jobs", "exports")),
)

# What a visitor may open who has not signed in.
FOR_VISITORS = (Entry("Find training", "finding:list"), Entry("Sign in", "account_login"))


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str
    current: bool


def links(request: HttpRequest, person: Person | None) -> list[Link]:
    """What the person, or a visitor, may open; nothing for an account that has yet to say who it is.

    A link is current on every page of its areas: the same namespace, or the same view.
    """
    match = request.resolver_match
    here = (match.namespace or match.view_name) if match else ""
    return [Link(entry.label, address(entry.view), here in entry.areas) for entry in _entries(request, person)]


def _entries(request: HttpRequest, person: Person | None) -> Iterable[Entry]:
    if person is None:
        # Absent when a middleware before theirs answered.
        is_visitor = hasattr(request, "user") and not request.user.is_authenticated
        return FOR_VISITORS if is_visitor else ()
    return (entry for entry in ENTRIES if _is_for(person, entry) and not _has_any(person, entry.unless))


def _is_for(person: Person, entry: Entry) -> bool:
    is_open = not entry.rights or _has_any(person, entry.rights)
    return is_open or (entry.for_line_managers and person.is_line_manager)


def _has_any(person: Person, rights: tuple[Right, ...]) -> bool:
    return any(may(person, right) for right in rights)
