"""A date as three boxes, day, month and year (GOV.UK's date input): nobody is made to use a picture of a calendar."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DateInput(forms.MultiWidget):
    """The boxes' names end -day, -month and -year."""

    PARTS = ("day", "month", "year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({f"-{part}": forms.TextInput() for part in self.PARTS}, attrs)
        self.widgets_names = [f"-{part}" for part in self.PARTS]

    def decompress(self, value: date | None) -> list[str]:
        return self.split(value)

    @staticmethod
    def split(value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class DateField(forms.Field):
    """A date typed as "3", "3" or "mar" or "March", "2027". Errors name the date by the field's label."""

    widget = DateInput

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        parts = [str(part or "").strip() for part in value]
        if not any(parts):
            return None
        missing = [name for name, part in zip(DateInput.PARTS, parts, strict=True) if not part]
        name = str(self.label or "The date")
        if missing:
            raise ValidationError(f"{name} must include a {' and '.join(missing)}", "incomplete", {"parts": missing})
        try:
            return date(_number(parts[2]), _month(parts[1]), _number(parts[0]))
        except ValueError as error:
            raise ValidationError(f"{name} must be a real date", "invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return DateInput.split(initial if isinstance(initial, date) else None) != list(data or ["", "", ""])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _month(text: str) -> int:
    return MONTHS.index(text[:3].lower()) + 1 if text.isalpha() else _number(text)
