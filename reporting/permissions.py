"""Who may see the report, open its figures, and see its money."""

from people.models import Person
from people.permissions import Right, may
from reporting.definitions import FIGURES, CutKind


def may_see_report(person: Person) -> bool:
    """Every figure of every course and agency, down to the event. An agency lead sees their agency's: below."""
    return may(person, Right.SEE_REPORT)


def may_publish(person: Person) -> bool:
    """Keep the report of a year as it is, for good."""
    return may(person, Right.PUBLISH_REPORT)


def may_open_bookings(person: Person) -> bool:
    """From the event down to the booking, with names."""
    return may(person, Right.SEE_REPORT_BOOKINGS)


def may_see_money(person: Person) -> bool:
    """Sums of charges: finance without the rest of the report, coordinators, and the sub-group as totals."""
    return may(person, Right.SEE_REPORT_MONEY) or may(person, Right.SEE_MONEY_TOTALS)


def may_open_charges(person: Person) -> bool:
    """From a sum of money to the charges that make it."""
    return may(person, Right.SEE_REPORT_MONEY)


def agencies_whose_row_is_open(person: Person) -> frozenset[int]:
    """Ids of the agencies whose row in the report the person sees without seeing the rest: those that they lead."""
    return person.led_agencies


def may_see_cut(person: Person, kind: CutKind, agency_id: int | None = None) -> bool:
    """One cut: anyone of the report sees all; an agency lead their own agency's row."""
    return may_see_report(person) or (kind is CutKind.AGENCY and agency_id in person.led_agencies)


def may_see_figure(person: Person, figure: str, *, of_agency: int | None = None) -> bool:
    """One figure of a cut that the person may see: money only to who sees money, or of the agency that they lead."""
    leads = of_agency is not None and of_agency in person.led_agencies
    if FIGURES[figure].is_about_money:
        return leads or may_see_money(person)
    return leads or may_see_report(person)
