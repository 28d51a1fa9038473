"""The partnership, its agencies, exemptions, staff groups, objectives and courses."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bookings.models import ClosingDay, ExemptionReason
from bookings.working_days import bank_holidays, closing_days
from people.models import Agency, AgencyName, Partnership, StaffGroup
from people.names import match_key
from programme.changes.batch import Batch
from programme.problems import Problems
from programme.summary import Summary
from programme.understood import AgencyRow, CourseRow, PartnershipRow
from training.models import Course, Objective


class Named:
    """Rows that are no more than a name: the workbook's, found by match key or made."""

    def __init__(self, model: type[Any]) -> None:
        self.batch: Batch[Any] = Batch(model)
        self._by_key = {match_key(row.name): row for row in model.objects.all()}
        # By the name as it is written, as thousands of rows write the same.
        self._found: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """The row of that name, None for no name."""
        if self.known(name) is None and (key := match_key(name)):
            self._found[name] = self._by_key[key] = self.batch.add(self.batch.model(name=name))
        return self._found[name]

    def known(self, name: str) -> Any:
        """The row of that name if there is one."""
        if self._found.get(name) is None:
            self._found[name] = self._by_key.get(match_key(name))
        return self._found[name]

    def not_among(self, names: Iterable[str]) -> list[Any]:
        keys = {match_key(name) for name in names}
        return [row for key, row in self._by_key.items() if key not in keys]


class Masters:
    """Everything that events and bookings refer to by name."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.partnerships = Batch(Partnership)
        self.closing_days = Batch(ClosingDay)
        self.agencies = Batch(Agency)
        self.agency_names = Batch(AgencyName)
        self.courses = Batch(Course)
        self.exemptions = Named(ExemptionReason)
        self.staff_groups = Named(StaffGroup)
        self.objectives = Named(Objective)
        # By the agency's own name, the course's code.
        self.agency: dict[str, Agency] = {}
        self.course: dict[str, Course] = {}
        self._groups: list[tuple[Course, list[StaffGroup]]] = []
        self._own_payers: list[Agency] = []

    # --- partnership ------------------------------------------------------------------------------------------------
    def plan_partnership(self, row: PartnershipRow) -> None:
        partnership = Partnership.objects.first()
        values: dict[str, Any] = {
            "name": row.name,
            "short_name": row.short_name,
            "nation": row.nation,
            "invoice_address": row.invoice_address,
            "training_email": row.training_email,
            "vat_number": row.vat_number,
            "payment_terms_days": row.payment_terms_days,
        }
        if row.payment_details is not None:
            values["payment_details"] = row.payment_details
        if partnership is None:
            self.partnerships.add(Partnership(**values))
        else:
            self.summary.correct("Partnership", self.partnerships.correct(partnership, **values))
        known = closing_days()
        for day, name in bank_holidays(row.nation).items():
            if day not in known:
                self.closing_days.add(ClosingDay(day=day, name=name))

    def all_closing_days(self) -> frozenset[date]:
        return closing_days() | {day.day for day in self.closing_days.new}

    # --- agencies ---------------------------------------------------------------------------------------------------
    def plan_agencies(self, rows: list[AgencyRow], problems: Problems) -> None:
        stored = {name.key: name.agency for name in AgencyName.objects.select_related("agency")}
        for agency in stored.values():
            self.agency.setdefault(agency.name, agency)
        for row in rows:
            names = [name for name in (row.name, row.short_name, *row.other_names) if match_key(name)]
            found = {stored[key].pk: stored[key] for key in map(match_key, names) if key in stored}
            if len(found) > 1:
                several = " and ".join(sorted(agency.name for agency in found.values()))
                problems.add(
                    row.row.problem(
                        "Agency",
                        f"Turnout has these names for {several}.",
                        "Give each agency a row, or merge them there.",
                    )
                )
                continue
            agency = self._agency(row, next(iter(found.values()), None))
            self.agency[row.name] = agency
            self._plan_names(agency, names, stored)

    def _agency(self, row: AgencyRow, agency: Agency | None) -> Agency:
        values: dict[str, Any] = {
            "name": row.name,
            "short_name": row.short_name,
            "type": row.type,
            "is_statutory_partner": row.is_statutory_partner,
            "invoice_email": row.invoice_email,
            "needs_purchase_order": row.needs_purchase_order,
            "purchase_order": row.purchase_order,
        }
        if row.invoice_address is not None:
            values["invoice_address"] = row.invoice_address
        if agency is None:
            agency = self.agencies.add(Agency(**values))
            # An imported agency with an invoice e-mail is its own payer (charging.md, Invoice).
            self._own_payers += [agency] if row.invoice_email else []
            return agency
        before = agency.name
        if row.invoice_email and agency.payer_id is None:
            values["payer"] = agency
        elif not row.invoice_email and agency.payer_id == agency.pk:
            values["payer"] = None
        self.summary.correct(f"Agency {before}", self.agencies.correct(agency, **values))
        return agency

    def _plan_names(self, agency: Agency, names: list[str], stored: dict[str, Agency]) -> None:
        for name in names:
            if match_key(name) not in stored:
                stored[match_key(name)] = agency
                self.agency_names.add(AgencyName(agency=agency, name=name, key=match_key(name)))

    # --- catalogue --------------------------------------------------------------------------------------------------
    def plan_exemptions(self, names: list[str]) -> None:
        for name in names:
            self.exemptions.get(name)
        self.summary.gone += [f"exemption {reason}" for reason in self.exemptions.not_among(names)]

    def plan_courses(self, rows: list[CourseRow]) -> None:
        stored: Mapping[str, Course] = {
            match_key(course.code): course
            for course in Course.objects.select_related("objective").prefetch_related("staff_groups")
        }
        for row in rows:
            values: dict[str, Any] = {
                "code": row.code,
                "title": row.title,
                "level": row.level,
                "delivery": row.delivery,
                "duration": row.duration,
                "objective": self.objectives.get(row.objective),
            }
            groups = [self.staff_groups.get(name) for name in row.staff_groups]
            course = stored.get(match_key(row.code))
            if course is None:
                course = self.courses.add(Course(**values))
                self._groups += [(course, groups)] if groups else []
            else:
                differences = self.courses.correct(course, **values)
                if set(course.staff_groups.all()) != set(groups):
                    self._groups.append((course, groups))
                    differences.append("staff groups")
                self.summary.correct(f"Course {row.code}", differences)
            self.course[row.code] = course

    # --- writing ----------------------------------------------------------------------------------------------------
    def write(self) -> None:
        for batch in (self.partnerships, self.closing_days, self.agencies, self.agency_names):
            batch.write()
        for agency in self._own_payers:
            agency.payer = agency
        Agency.objects.bulk_update(self._own_payers, ["payer"])
        for named in (self.exemptions, self.staff_groups, self.objectives):
            named.batch.write()
        self.courses.write()
        for course, groups in self._groups:
            course.staff_groups.set(groups)
