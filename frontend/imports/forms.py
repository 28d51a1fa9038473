"""The workbook to upload: looked at from outside only, as it is somebody's file and nobody has parsed it."""

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from programme import archive
from programme.imports import LONGEST_NAME
from programme.problems import WorkbookRefused

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class UploadForm(forms.Form):
    """One .xlsx file. What is wrong with it is said here, with what to do."""

    workbook = forms.FileField(
        label="Programme workbook",
        help_text=f"An Excel workbook (.xlsx), {archive.LARGEST_FILE // 2**20} MB at most.",
        allow_empty_file=True,  # the words below say more
        error_messages={"required": "Choose the programme workbook", "invalid": "Choose the programme workbook"},
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )

    def clean_workbook(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["workbook"]
        try:
            archive.refuse_large(file.size or 0)
            archive.refuse_unsafe(file)
        except WorkbookRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        _refuse_name(file.name or "")
        return file


def _refuse_name(name: str) -> None:
    """The content is a workbook's; a name that says otherwise opens in the wrong program, and hides what it is."""
    if len(name) > LONGEST_NAME:
        raise ValidationError(
            f"The file’s name is longer than {LONGEST_NAME} characters. Give it a shorter one, ending in .xlsx."
        )
    if PurePath(name).suffix.lower() != ".xlsx":
        raise ValidationError("The file’s name does not end in .xlsx. Name it so, and choose it again.")
