"""What may be asked in an address: declared filters, declared orders, pages of a limited size."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from training.financial_year import FinancialYear

PAGE_SIZE, LARGEST_PAGE, LAST_PAGE = 50, 100, 100_000
# What calendars and the database can do sums with.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


@extend_schema_field({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "example": "2018-19"})
class YearField(serializers.CharField):
    """A financial year, written 2018-19."""

    def to_internal_value(self, data: Any) -> FinancialYear:  # type: ignore[override]  # text in, year out
        try:
            return FinancialYear.parse(super().to_internal_value(data))
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


def in_reach(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise serializers.ValidationError(f"Give a day between {FIRST_DAY} and {LAST_DAY}.")


# Makes a condition of a filter's value.
Condition = Callable[[Any], Q]


class Query(serializers.Serializer[Any]):
    """Pages; a list declares its filters beside them, and what it can be ordered by."""

    page = serializers.IntegerField(min_value=1, max_value=LAST_PAGE, default=1, help_text="Which page, from 1.")
    page_size = serializers.IntegerField(
        min_value=1, max_value=LARGEST_PAGE, default=PAGE_SIZE, help_text="How many rows a page has."
    )

    # By name: what the rows are ordered by. The first is what is not asked for.
    orders: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # By a filter's name: the column that must have its value, or what makes a condition of it.
    conditions: ClassVar[Mapping[str, str | Condition]] = {}

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        if self.orders:
            names = [name for order in self.orders for name in (order, f"-{order}")]
            fields["ordering"] = serializers.ChoiceField(
                choices=names, default=names[0], help_text="In which order; - before a name turns it round."
            )
        return fields

    def to_internal_value(self, data: QueryDict) -> Any:
        errors = {name: [f"There is no such filter here. There are: {', '.join(self.fields)}."]
                  for name in data if name not in self.fields}  # fmt: skip
        errors |= {name: ["Give this once."] for name in data if len(data.getlist(name)) > 1 and name not in errors}
        if errors:
            raise serializers.ValidationError(errors)
        # A plain dictionary: of a form, what is not there would mean "no".
        return super().to_internal_value(data.dict())

    def applied_to(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the filters that were given leave of the rows, in the order that was asked for."""
        for name in self.initial_data:
            condition, value = self.conditions.get(name), self.validated_data[name]
            if condition is not None:
                rows = rows.filter(Q((condition, value)) if isinstance(condition, str) else condition(value))
        return self._ordered(rows)

    def _ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked: str = self.validated_data["ordering"]
        names = self.orders[asked.removeprefix("-")]
        backwards = asked.startswith("-")
        return rows.order_by(*[F(name).desc(nulls_last=True) if backwards else F(name).asc() for name in names])
