"""What is asked on the way to a place: the staff group, workshops, and what one needs."""

from typing import Any

from django import forms
from django.http import QueryDict

from bookings.models import Need
from bookings.needs import LONGEST, MOST_CHAIRS, Needs
from people.models import StaffGroup

NONE_FITS = "none"


class ConcernsForm(forms.Form):
    """Nothing to fill in but the staff group, where it is not known and the course is for some."""

    def __init__(self, data: QueryDict | None, *, asks_staff_group: bool, fits_none: bool) -> None:
        super().__init__(data, initial={"staff_group": NONE_FITS if fits_none else ""})
        if asks_staff_group:
            groups = StaffGroup.objects.values_list("pk", "name")
            self.fields["staff_group"] = forms.ChoiceField(
                label="Your staff group",
                help_text="Kept in your details, so that you are asked once.",
                choices=[("", "Select one"), *groups, (NONE_FITS, "None of these")],
            )

    @property
    def staff_group(self) -> StaffGroup | None:
        """The one chosen; None where none fits, or it is not asked."""
        chosen = self.cleaned_data.get("staff_group", NONE_FITS)
        return None if chosen == NONE_FITS else StaffGroup.objects.filter(pk=chosen).first()


class WorkshopsForm(forms.Form):
    """One workshop of each slot that has any left."""

    def __init__(self, data: QueryDict | None, *, slots: list[tuple[str, list[Any]]], chosen: list[int]) -> None:
        super().__init__(data)
        for number, (slot, workshops) in enumerate(slots):
            free = [one for one in workshops if one.left > 0]
            if free:
                self.fields[f"slot-{number}"] = self._field(slot, workshops, free, chosen)

    @staticmethod
    def _field(slot: str, workshops: list[Any], free: list[Any], chosen: list[int]) -> forms.ChoiceField:
        full = [one.title for one in workshops if one.left <= 0]
        behind = f": {slot}" if slot else ""
        return forms.TypedChoiceField(
            label=slot or "Workshop",
            help_text=f"Full: {', '.join(full)}" if full else "",
            choices=[(one.pk, f"{one.title} ({one.left} left)") for one in free],
            coerce=int,
            initial=next((one.pk for one in free if one.pk in chosen), None),
            widget=forms.RadioSelect,
            error_messages={
                "required": f"Choose a workshop{behind}",
                "invalid_choice": f"The one that you chose is full by now, choose another{behind}",
            },
        )

    @property
    def chosen(self) -> list[int]:
        return list(self.cleaned_data.values())


class NeedsForm(forms.Form):
    """What somebody needs on the day."""

    access = forms.CharField(
        label="Access",
        help_text="For example a step-free room, a hearing loop, an interpreter, large print.",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea,
    )
    dietary = forms.CharField(
        label="Food and drink",
        help_text="For example vegan, halal, an allergy.",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea,
    )

    @property
    def needs(self) -> Needs:
        return Needs(access=self.cleaned_data["access"], dietary=self.cleaned_data["dietary"])


class SeenForm(forms.Form):
    """As of when needs were read: what was said since is not what something is arranged for."""

    seen = forms.DateTimeField(widget=forms.HiddenInput)


class ArrangeForm(SeenForm):
    """What is arranged for a need as it was read."""

    HOW = (("arranged", "This is arranged"), ("instead", "This cannot be arranged: it says what there is instead"))

    arranged = forms.CharField(
        label="What is arranged",
        help_text="The delegate reads it in their booking, and the trainers from a week before the event.",
        max_length=LONGEST,
        widget=forms.Textarea,
        error_messages={"required": "Enter what is arranged, or what there is instead"},
    )
    how = forms.ChoiceField(
        label="Is it what they asked for?",
        choices=HOW,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether this is what they asked for"},
    )
    chairs = forms.IntegerField(
        label="Chairs for an interpreter or support worker",
        help_text="They sit in the room, and take no delegate’s place.",
        min_value=0,
        max_value=MOST_CHAIRS,
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, need: Need) -> None:
        now = {"arranged": need.arranged, "how": "instead" if need.is_instead else "arranged", "chairs": need.chairs}
        super().__init__(data, initial={"seen": need.said_at.isoformat()} | (now if need.is_arranged else {}))

    @property
    def arrangement(self) -> dict[str, Any]:
        """As needs.arrange() takes it."""
        given = self.cleaned_data
        return {
            "seen": given["seen"],
            "arranged": given["arranged"],
            "is_instead": given["how"] == "instead",
            "chairs": given["chairs"] or 0,
        }


class BookingForm(NeedsForm):
    """The same when booking, where it can be kept for the next time."""

    keep = forms.BooleanField(label="Keep this in my details for next time", required=False)
