"""Charging policies: each version's tariffs as one whole, which may change until money was asked for under it."""

from collections.abc import Collection
from datetime import date
from typing import Any

from bookings.models import Booking, ChargingPolicy, Tariff
from bookings.policies import Terms
from invoicing.models import Charge
from programme.changes.batch import Batch
from programme.problems import Problems
from programme.summary import Summary
from programme.understood import PolicyRows, TariffRow

KIND = ("reason", "duration", "delivery", "notice", "notice_unit")
PRICE = ("net_amount", "vat_treatment")


class Policies:
    """The versions that the workbook names, beside those that Turnout has."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.policies = Batch(ChargingPolicy)
        self.tariffs = Batch(Tariff)

    def plan(self, rows: list[PolicyRows], problems: Problems, closing: Collection[date]) -> Terms:
        """The terms as they would be; what they decide is decided by them before anything is written."""
        stored = {policy.in_force_from: policy for policy in ChargingPolicy.objects.all()}
        tariffs = list(Tariff.objects.select_related("policy"))
        result: list[Tariff] = [tariff for tariff in tariffs if tariff.policy.in_force_from not in _dates(rows)]
        for version in rows:
            policy = stored.get(version.in_force_from)
            if policy is None:
                # A workbook says nothing of notices before the bill: charges of imported years are not announced.
                policy = stored[version.in_force_from] = self.policies.add(
                    ChargingPolicy(in_force_from=version.in_force_from)
                )
            here = [tariff for tariff in tariffs if tariff.policy.in_force_from == version.in_force_from]
            result += self._plan_tariffs(version, policy, here, problems)
        self.summary.gone += [str(policy) for day, policy in sorted(stored.items()) if day not in _dates(rows)]
        return Terms(policies=stored.values(), tariffs=result, closing=closing)

    def write(self) -> None:
        self.policies.write()
        self.tariffs.write()

    def _plan_tariffs(
        self, version: PolicyRows, policy: ChargingPolicy, stored: list[Tariff], problems: Problems
    ) -> list[Tariff]:
        left = {_kind(tariff): tariff for tariff in stored}
        result, differences, touched = [], [], []
        for row in version.tariffs:
            tariff = left.pop(_kind(row), None)
            if tariff is None:
                tariff = self.tariffs.add(Tariff(policy=policy, **{name: getattr(row, name) for name in KIND + PRICE}))
                differences += [f"new: {tariff}"] if stored else []
            elif changed := self.tariffs.correct(tariff, **{name: getattr(row, name) for name in PRICE}):
                differences.append(f"{tariff}: {', '.join(changed)}")
                touched.append(tariff)
            result.append(tariff)
        for tariff in left.values():
            self.tariffs.delete(tariff.pk)
            differences.append(f"no longer: {tariff}")
        if differences:
            self.summary.correct(f"Charging {policy}", differences)
            _refuse_settled(version, touched, list(left.values()), problems)
        if policy.pk and (differences or not stored):
            _refuse_told(version, policy, problems)
        return result


def _refuse_settled(version: PolicyRows, changed: list[Tariff], removed: list[Tariff], problems: Problems) -> None:
    """A price that stands on an invoice, or a rule that a charge names, is not rewritten."""
    used = Charge.objects.filter(tariff__in=removed) | Charge.objects.settled().filter(tariff__in=changed)
    if used.exists():
        problems.add(
            version.row.problem(
                "In force from",
                f"charges were made under the policy of {version.in_force_from:%d/%m/%Y}, and this would change it.",
                "Leave its rows as they were, and add rows with the date from which the new terms hold.",
            )
        )


def _refuse_told(version: PolicyRows, policy: ChargingPolicy, problems: Problems) -> None:
    """What somebody was told when they booked here stays so: the database refuses it, too."""
    if Booking.objects.filter(policy=policy, imported_at=None).exists():
        problems.add(
            version.row.problem(
                "In force from",
                f"bookings were made in Turnout under its policy of {version.in_force_from:%d/%m/%Y}.",
                "Leave its rows as Turnout has them, and add rows with the date from which the new terms hold.",
            )
        )


def _kind(tariff: Tariff | TariffRow) -> tuple[Any, ...]:
    return tuple(getattr(tariff, name) for name in KIND)


def _dates(rows: list[PolicyRows]) -> set[date]:
    return {version.in_force_from for version in rows}
