"""Answers from a workbook: each event's are one set, kept without who answered.

A workbook's answers come with addresses. What is stored holds no person, no time and no order; a keyed digest of the
set tells whether the same comes again (evaluation.md, Three modes). Nothing of an answer is logged or told.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from evaluations import questionnaires
from evaluations.models import Evaluation, ImportedSet, Questionnaire, Response
from evaluations.questionnaires import QUESTIONS
from training.models import Event

BATCH = 2_000

# An address and its answers by question code.
Answered = tuple[str, Mapping[str, int | str]]


@dataclass(slots=True)
class Plan:
    """What would be written. Events may be unsaved until write()."""

    questionnaire: Questionnaire
    scales: Mapping[str, tuple[int, int]]
    now: datetime
    new: list[tuple[Event, Sequence[Answered]]] = field(default_factory=list)
    replaced: list[tuple[ImportedSet, Sequence[Answered]]] = field(default_factory=list)
    # Events whose delegates are asked here, or have answered, which no workbook replaces.
    answered_here: list[Event] = field(default_factory=list)

    @property
    def to_write(self) -> int:
        """How many answers write() has to do with."""
        return sum(len(answers) for _, answers in (*self.new, *self.replaced))

    def write(self) -> None:
        """Write what plan() found, answers in random order."""
        if not (self.new or self.replaced):
            return
        if self.questionnaire._state.adding:
            questionnaires.publish(self.questionnaire, self.scales, now=self.now)
        Response.objects.filter(event__in=[stored.event_id for stored, _ in self.replaced]).delete()
        for stored, answers in self.replaced:
            stored.digest = digest(answers)
        ImportedSet.objects.bulk_update([stored for stored, _ in self.replaced], ["digest"], batch_size=BATCH)
        ImportedSet.objects.bulk_create(
            [ImportedSet(event_id=event.pk, digest=digest(answers)) for event, answers in self.new], batch_size=BATCH
        )
        sets = [*self.new, *((stored.event, answers) for stored, answers in self.replaced)]
        responses = [
            Response(event_id=event.pk, questionnaire_id=self.questionnaire.pk, answers=dict(given))
            for event, answers in sets
            for _, given in answers
        ]
        secrets.SystemRandom().shuffle(responses)
        Response.objects.bulk_create(responses, batch_size=BATCH)


def plan(
    sets: Sequence[tuple[Event, Sequence[Answered]]], scales: Mapping[str, tuple[int, int]], now: datetime
) -> Plan:
    """Compare each event's set with what is stored: the same changes nothing, another replaces the whole."""
    stored = {one.event_id: one for one in ImportedSet.objects.select_related("event")}
    responses, evaluations = Response.objects.order_by().values("event_id"), Evaluation.objects.order_by()
    here = {event for (event,) in responses.union(evaluations.values("event_id")).values_list("event_id")} - set(stored)
    found = Plan(_questionnaire(scales), scales, now)
    for event, answers in sets:
        known = stored.get(event.pk)
        if known is not None and not constant_time_compare(known.digest, digest(answers)):
            found.replaced.append((known, answers))
        elif known is None and event.pk in here:
            found.answered_here.append(event)
        elif known is None:
            found.new.append((event, answers))
    return found


def digest(answers: Sequence[Answered]) -> str:
    """Of a whole set, whatever its order. Keyed, so that it cannot be tried out against guessed answers."""
    rows = sorted(json.dumps([email, sorted(given.items())]) for email, given in answers)
    return salted_hmac("evaluations.imported", "\n".join(rows), algorithm="sha256").hexdigest()


def _questionnaire(scales: Mapping[str, tuple[int, int]]) -> Questionnaire:
    """The published version with these questions on these scales; else the next one, not saved yet."""
    wanted = {code: scales.get(code, (None, None)) for code, _, _ in QUESTIONS}
    version = 0
    after = Questionnaire.objects.filter(stage=Questionnaire.Stage.AFTER).order_by("version")
    for questionnaire in after.prefetch_related("questions"):
        version = questionnaire.version
        found = {question.code: (question.lowest, question.highest) for question in questionnaire.questions.all()}
        if questionnaire.published_at and found == wanted:
            return questionnaire
    return Questionnaire(stage=Questionnaire.Stage.AFTER, version=version + 1)
