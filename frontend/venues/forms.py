"""What is asked about venues and rooms."""

from django import forms

RETIRED = "Not used any more"
NOT_OFFERED = "It is not offered for new dates; what takes place there stays."


class VenueForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the venue’s name"})
    address = forms.CharField(label="Address", required=False, max_length=1000, widget=forms.Textarea)
    access_notes = forms.CharField(
        label="Getting there and getting in",
        help_text="Parking, step-free ways, lifts, hearing loop, quiet room, prayer room.",
        required=False,
        max_length=2000,
        widget=forms.Textarea,
    )
    is_retired = forms.BooleanField(label=RETIRED, help_text=NOT_OFFERED, required=False)


class RoomForm(forms.Form):
    name = forms.CharField(
        label="Name",
        help_text="Leave it empty where the venue is one room.",
        max_length=100,
        required=False,
    )
    capacity = forms.IntegerField(
        label="How many people it holds",
        help_text="New events there have no more places than that unless you say so.",
        min_value=1,
        max_value=10_000,
        required=False,
    )
    access_notes = forms.CharField(
        label="Access", help_text="Steps, doors, hearing loop.", required=False, max_length=2000, widget=forms.Textarea
    )
    is_retired = forms.BooleanField(label=RETIRED, help_text=NOT_OFFERED, required=False)
