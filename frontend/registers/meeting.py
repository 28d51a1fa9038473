"""The attendance file of an online meeting on a register: uploaded, looked at side by side, accepted.

The file is never kept. What was read of it goes to the page that shows it, and comes back from there when somebody
accepts: for each participant the time in the meeting, as seconds since the session began.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import attendance, meeting_files, meetings, register
from bookings.meeting_files import FileRefused, Participant, Span
from bookings.refusals import BookingRefused, MarkedOtherwise
from frontend import formats, returning
from frontend.access import SignedInRequest, signed_in
from frontend.registers import sheet as sheets
from training.models import Session, Trainer

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

SECONDS = re.compile(r"\d{1,6}-\d{1,6}(,\d{1,6}-\d{1,6}){0,200}")
NOBODY = ""


class FileForm(forms.Form):
    """One attendance report, looked at from outside before anything reads it."""

    file = forms.FileField(
        label="Attendance report",
        help_text="The CSV file that Teams or Zoom gives after the meeting. It is read and not kept.",
        allow_empty_file=True,
        error_messages={"required": "Choose the attendance report", "invalid": "Choose the attendance report"},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.participants: list[Participant] = []

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        too_large = (file.size or 0) > meeting_files.LARGEST
        try:
            content = b" " * (meeting_files.LARGEST + 1) if too_large else file.read()
            self.participants = meeting_files.read(content, day=timezone.localdate(self.session.starts_at))
        except FileRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file


@dataclass
class Row:
    """A delegate beside what the file says."""

    line: sheets.Line
    proposal: meetings.Proposal
    participants: list[Participant]
    # As seconds since the session began: "0-3600,4000-9000".
    times: str

    @property
    def word(self) -> str:
        return attendance.in_words(self.proposal.attendance, self.proposal.minutes)

    @property
    def is_so_already(self) -> bool:
        return (self.line.attendance, self.line.minutes) == (self.proposal.attendance, self.proposal.minutes)

    @property
    def is_new(self) -> bool:
        """Nobody has marked them, and they were there: anything else a file changes only when a person says so."""
        return not self.line.attendance and self.proposal.there > 0


@dataclass
class Preview:
    """What the file says about the register; nothing of it is written."""

    rows: list[Row] = field(default_factory=list)
    unsure: list[tuple[meetings.Unsure, str]] = field(default_factory=list)
    missing: list[sheets.Line] = field(default_factory=list)
    left_out: list[Participant] = field(default_factory=list)


@require_http_methods(["GET", "POST"])
@signed_in
def meeting_file(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Take an attendance file; show whose each participant is taken to be; mark what is then accepted."""
    sheet = sheets.find(request, reference, number)
    if request.method == "POST" and "accept" in request.POST:
        return _accept(request, sheet)
    is_sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES, session=sheet.session) if is_sent else FileForm(session=sheet.session)
    if is_sent and form.is_valid():
        context = {"sheet": sheet, "preview": preview(sheet, form.participants)}
        return render(request, "registers/meeting_preview.html", context)
    return render(request, "registers/meeting_file.html", {"sheet": sheet, "form": form})


def preview(sheet: sheets.Sheet, participants: list[Participant]) -> Preview:
    """Who is who, with the mark that each one's time makes."""
    trainers = Trainer.objects.filter(sessions__session__event=sheet.event).select_related("person").distinct()
    matched = meetings.match(participants, bookings=[line.booking for line in sheet.lines], trainers=list(trainers))
    shown = Preview(left_out=matched.left_out)
    for line in sheet.lines:
        own = matched.found.get(line.booking.pk)
        if own is None:
            shown.missing.append(line)
            continue
        spans = [span for one in own for span in one.spans]
        shown.rows.append(Row(line, meetings.proposal(spans, sheet.session), own, _written(spans, sheet.session)))
    shown.unsure = [(one, _written(one.participant.spans, sheet.session)) for one in matched.unsure]
    return shown


def _accept(request: SignedInRequest, sheet: sheets.Sheet) -> HttpResponse:
    """Mark whom the person left ticked or said who they are; whom somebody else marked meanwhile stays so."""
    marked, refused = 0, []
    for line, proposal in _accepted(sheet, request.POST):
        seen = request.POST.get(f"seen-{line.booking.reference}", "")
        try:
            register.mark(
                session=sheet.session,
                booking=line.booking,
                attendance=proposal.attendance,
                minutes=proposal.minutes,
                by=request.person,
                seen=seen or None,
            )
        except MarkedOtherwise as refusal:
            refused.append(str(refusal))
        except BookingRefused as refusal:
            refused.append(str(refusal))
            break
        else:
            marked += (line.attendance, line.minutes) != (proposal.attendance, proposal.minutes)
    for words in refused:
        messages.warning(request, words)
    done = f"{formats.plural(marked, 'mark')} made from the attendance file." if marked else "Nothing was changed."
    messages.success(request, f"{done} The file was not kept.")
    return returning.to(request, "registers:register", sheet.event.reference, sheet.number)


def _accepted(sheet: sheets.Sheet, posted: QueryDict) -> list[tuple[sheets.Line, meetings.Proposal]]:
    """What was accepted for each delegate, all of their times together: those of who was said to be them, too."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for line in sheet.lines:
        reference = line.booking.reference
        if posted.get(f"take-{reference}"):
            _add(spans[reference], posted.get(f"time-{reference}", ""), sheet.session)
    for number, who in enumerate(posted.getlist("who")[: meeting_files.MOST_ROWS]):
        if who != NOBODY:
            # With what was found as theirs already.
            for times in (posted.get(f"times-{number}", ""), posted.get(f"time-{who}", "")):
                _add(spans[who], times, sheet.session)
    absent = set(posted.getlist("absent"))
    return [
        (line, meetings.proposal(spans[line.booking.reference], sheet.session))
        for line in sheet.lines
        if line.booking.reference in spans or line.booking.reference in absent
    ]


def _written(spans: list[Span], session: Session) -> str:
    return ",".join(
        f"{max(0, _since(session, begins))}-{max(0, _since(session, ends))}"
        for begins, ends in meeting_files.without_overlap(spans)[:200]
    )


def _since(session: Session, moment: datetime) -> int:
    return round((moment - session.starts_at).total_seconds())


def _add(spans: list[Span], written: str, session: Session) -> None:
    """The times as they were written; what somebody else made of them is no time. Raises SuspiciousOperation."""
    if not written:
        return
    if not SECONDS.fullmatch(written):
        raise SuspiciousOperation("Times in a meeting that this page did not write")
    for pair in written.split(","):
        begins, ends = (session.starts_at + timedelta(seconds=int(seconds)) for seconds in pair.split("-"))
        spans.append((begins, ends))
