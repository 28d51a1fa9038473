"""The form that a questionnaire makes."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms import BoundField

from evaluations.answering import LONGEST_TEXT, NOT_RELEVANT, Answers
from evaluations.models import Question

Kind = Question.Kind
# What the lowest and the highest of a scale mean.
ENDS = {
    Kind.CONFIDENCE_BEFORE: ("not confident at all", "fully confident"),
    Kind.CONFIDENCE_NOW: ("not confident at all", "fully confident"),
    Kind.RATING: ("very poor", "very good"),
}
TOO_LONG = f"Write {LONGEST_TEXT:,} characters or fewer"


class AnswerForm(forms.Form):
    """One field a question, by its code. Scales are answered or said not to be relevant; texts may stay empty."""

    # With those of the layout before them: "name" is a question's code like any other.
    prefix = "answer"

    def __init__(self, questions: Iterable[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            is_text = question.kind == Kind.FREE_TEXT
            self.fields[question.code] = _text(question) if is_text else _scale(question)

    def answers(self) -> Answers:
        """What to keep: numbers as numbers, and no empty texts."""
        given: dict[str, str] = self.cleaned_data
        return {
            code: int(value) if isinstance(self.fields[code], forms.ChoiceField) and value != NOT_RELEVANT else value
            for code, value in given.items()
            if value != ""
        }

    def laid_out(self) -> Iterator[tuple[str, BoundField]]:
        """Each field with how it is shown."""
        for bound in self:
            yield "scale" if isinstance(bound.field, forms.ChoiceField) else "text", bound


def _scale(question: Question) -> forms.ChoiceField:
    lowest, highest = question.scale
    choices = [(str(value), str(value)) for value in range(lowest, highest + 1)]
    if question.may_be_irrelevant:
        choices.append((NOT_RELEVANT, "Not relevant to my role"))
    least, most = ENDS[Kind(question.kind)]
    return forms.ChoiceField(
        label=question.text,
        choices=choices,
        widget=forms.RadioSelect,
        help_text=f"{lowest} is {least}, {highest} is {most}.",
        error_messages={
            "required": f"Choose an answer to “{question.text}”",
            "invalid_choice": f"Choose one of the answers to “{question.text}”",
        },
    )


def _text(question: Question) -> forms.CharField:
    return forms.CharField(
        label=f"{question.text} (optional)",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="Please write no names, dates of birth or case numbers, and nothing that gives you away.",
        error_messages={"max_length": TOO_LONG},
    )
