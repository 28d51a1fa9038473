"""What is asked about a version of the charging policy: its terms, and its prices as a table."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from bookings.models import ChargingPolicy, Tariff
from bookings.models.register import MOST_MINUTES
from bookings.windows import CLOSES_AT
from frontend.bookings.forms import TIMES
from frontend.dates import DateField
from frontend.policies.words import Column, Kind

Reason = Tariff.Reason
# A column for what is not charged yet.
MORE = "Cancelled late, another notice"
WRONG_TIME = "The time must be written like 9:30 or 5pm"


class TermsForm(forms.Form):
    """From when it holds, and all that is no price. The names are those of ChargingPolicy."""

    in_force_from = DateField(
        label="First day on which it holds",
        help_text="Bookings made from that day on are under it. Those made before keep their terms.",
        error_messages={"required": "Enter the first day on which it holds"},
    )
    minutes_to_reconsider = forms.IntegerField(
        label="Minutes after taking a place in which cancelling is free",
        help_text="Whatever the notice. 0 for none.",
        min_value=0,
        max_value=1440,
    )
    office_closes_at = forms.TimeField(
        label="Hour after which a cancellation counts as received on the next working day",
        help_text="Like 5pm. Leave it empty if it counts on the day on which it comes, at any hour.",
        required=False,
        input_formats=TIMES,
        error_messages={"invalid": WRONG_TIME},
    )
    moves_are_free = forms.BooleanField(
        label="Moving to another date is free, even when cancelling would cost something", required=False
    )
    late_grace_minutes = forms.IntegerField(
        label="Minutes late that still count as attended",
        help_text="Who is later attended in part. Leave it empty if whoever comes late has attended.",
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
    )
    left_early_grace_minutes = forms.IntegerField(
        label="Minutes before the end at which leaving still counts as attended",
        help_text="Who leaves earlier attended in part. Leave it empty if whoever leaves early attended in part.",
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
    )
    answer_working_days = forms.IntegerField(
        label="Working days in which a delegate may answer a proposed charge",
        help_text="0: nobody is asked first.",
        min_value=0,
        max_value=60,
    )
    office_opens_at = forms.TimeField(
        label="Hour at which the office opens",
        help_text="Offers to the waiting list count in office hours.",
        input_formats=TIMES,
        error_messages={"invalid": WRONG_TIME},
    )
    offer_hours = forms.IntegerField(
        label="Office hours for which an offer to the waiting list stands", min_value=1, max_value=200
    )
    offers_stop_hours = forms.IntegerField(
        label="Hours before an event at which the last offer ends", min_value=0, max_value=1000
    )

    def clean_in_force_from(self) -> date:
        day: date = self.cleaned_data["in_force_from"]
        if day <= timezone.localdate():
            raise forms.ValidationError("The first day must be after today. Bookings made until then keep their terms.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("office_opens_at"), cleaned.get("office_closes_at") or CLOSES_AT
        if opens and "office_closes_at" not in self.errors and opens >= closes:
            self.add_error("office_opens_at", f"The office must open before it closes at {closes:%H:%M}")
        return cleaned

    @classmethod
    def of(cls, data: QueryDict | None, policy: ChargingPolicy) -> "TermsForm":
        """As the policy says it; times as one types them."""
        initial = {name: getattr(policy, name) for name in cls.base_fields}
        for name in ("office_opens_at", "office_closes_at"):
            initial[name] = initial[name] and f"{initial[name]:%H:%M}"
        return cls(data, initial=initial)

    @property
    def terms(self) -> ChargingPolicy:
        """Not saved."""
        return ChargingPolicy(**self.cleaned_data)


class PricesForm(forms.Form):
    """A column for each way of not using a place, a line for each kind of training; empty: nothing is charged."""

    def __init__(self, data: QueryDict | None, columns: list[Column], kinds: list[Kind], prices: list[Tariff]) -> None:
        super().__init__(data)
        self.columns, self.kinds = columns, kinds
        amounts = {(Column.of(one), Kind(one.delivery, one.duration)): one.net_amount for one in prices}
        for number, column in enumerate(columns):
            self.fields |= _of_column(number, column)
            for kind in kinds:
                self.fields[_amount(number, kind)] = forms.DecimalField(
                    label=f"{head(column)}: {kind.words.lower()}, in pounds",
                    required=False,
                    min_value=0,
                    max_digits=9,
                    decimal_places=2,
                    initial=_typed(amounts.get((column, kind))),
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen = set()
        for number, column in enumerate(self.columns):
            priced = [kind for kind in self.kinds if cleaned.get(_amount(number, kind)) is not None]
            if priced and not cleaned.get(f"vat-{number}"):
                self.add_error(f"vat-{number}", f"Select the VAT of “{head(column)}”")
            if priced and column.reason == Reason.CANCELLED_LATE and not cleaned.get(f"notice-{number}"):
                self._ask_for_notice(number)
            for kind in priced:
                key = (*self._notice(number), column.reason, kind)
                if key in seen:
                    self.add_error(_amount(number, kind), f"{kind.words}: this is stated twice. Take one of them out")
                seen.add(key)
        return cleaned

    @property
    def tariffs(self) -> list[Tariff]:
        """Not saved, and of no policy yet."""
        found = []
        for number, column in enumerate(self.columns):
            notice, unit = self._notice(number)
            for kind in self.kinds:
                amount: Decimal | None = self.cleaned_data[_amount(number, kind)]
                if amount is not None:
                    found.append(
                        Tariff(
                            reason=column.reason,
                            duration=kind.duration,
                            delivery=kind.delivery,
                            notice=notice,
                            notice_unit=unit,
                            net_amount=amount,
                            vat_treatment=self.cleaned_data[f"vat-{number}"],
                        )
                    )
        return found

    @property
    def heads(self) -> list[dict[str, Any]]:
        """Of each column: its words, and the fields that are asked once for all of it."""
        return [
            {
                "words": head(column),
                "fields": [self[name] for name in _of_column(number, column)],
            }
            for number, column in enumerate(self.columns)
        ]

    @property
    def lines(self) -> list[tuple[Kind, list[forms.BoundField]]]:
        return [(kind, [self[_amount(number, kind)] for number in range(len(self.columns))]) for kind in self.kinds]

    def _ask_for_notice(self, number: int) -> None:
        if f"notice-{number}" not in self.errors:
            self.add_error(f"notice-{number}", "Enter with less than how much notice it is late")

    def _notice(self, number: int) -> tuple[int | None, str]:
        notice = self.cleaned_data.get(f"notice-{number}")
        return (notice, self.cleaned_data.get(f"unit-{number}", "")) if notice else (None, "")


def head(column: Column) -> str:
    """Its words, where it is one that is charged already."""
    return MORE if column.reason == Reason.CANCELLED_LATE and not column.notice else column.words


def _of_column(number: int, column: Column) -> dict[str, forms.Field]:
    """What is asked once for all prices of a column."""
    fields: dict[str, forms.Field] = {}
    if column.reason == Reason.CANCELLED_LATE:
        fields[f"notice-{number}"] = forms.IntegerField(
            label="Late with less notice than", required=False, min_value=1, max_value=1000, initial=column.notice
        )
        fields[f"unit-{number}"] = forms.ChoiceField(
            label="Counted in",
            choices=Tariff.NoticeUnit.choices,
            initial=column.unit or Tariff.NoticeUnit.WORKING_DAYS,
        )
    # Nothing is chosen beforehand: what applies depends on the body that invoices.
    fields[f"vat-{number}"] = forms.ChoiceField(
        label="VAT", choices=[("", "Not chosen yet"), *Tariff.VatTreatment.choices], required=False, initial=column.vat
    )
    return fields


def _amount(number: int, kind: Kind) -> str:
    return f"amount-{number}-{kind.delivery}-{kind.duration}"


def _typed(amount: Decimal | None) -> str:
    """75, 37.50: as one types it."""
    return "" if amount is None else f"{amount:.2f}".removesuffix(".00")
