"""Templates' texts in other words than Turnout's: checked, kept version by version, previewed and tried.

Each save is a row of its own and none ever changes, so the rows are the history; the latest is used. One without words
is the original again.
"""

import logging
import string
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat, NullIf

from outbox import messages, templates, turns
from outbox.described import Described
from outbox.models import Message, TemplateText, Work
from outbox.templates import NoLongerNeeded, NotYet, Text

log = logging.getLogger(__name__)

# Of messages by which somebody looks at their own wording.
TRIAL = "template_trial"


class Refused(Exception):
    """Nothing was saved; the words are for whoever edits."""


class ChangedSince(Refused):
    """Somebody else saved a version in the meantime."""


@dataclass(frozen=True, slots=True)
class Wording:
    subject: str
    body: str

    @property
    def whole(self) -> str:
        return f"{self.subject}\n\n{self.body}"


def split(whole: str) -> Wording:
    """Of a text as a template's file has it."""
    subject, _, body = whole.partition("\n")
    return Wording(templates.one_line(subject), "\n".join(map(str.rstrip, body.splitlines())).strip("\n"))


def versions(name: str = "") -> QuerySet[TemplateText]:
    """What was saved, the latest first; of all templates unless one is named."""
    saved = TemplateText.objects.filter(number__isnull=False).order_by("name", "-number")
    return saved.filter(name=name) if name else saved


def edited(name: str | OuterRef) -> Subquery:
    """For querysets: the edited text that the template has now, or None; used() says what that comes to."""
    latest = versions().filter(name=name)
    whole = Concat(F("subject"), Value("\n\n"), F("body"), output_field=TextField())
    nothing = Value("\n\n", output_field=TextField())  # between no subject and no body
    return Subquery(latest.values(text=NullIf(whole, nothing))[:1])


def used(name: str, edited: str | None) -> str:
    """The template's text as it is used; empty for one without a text of its own. Raises LookupError."""
    return edited or ("" if name == TRIAL else templates.original(name))


def mistakes_in_subject(of: Described, subject: str) -> list[str]:
    """What is wrong with a subject, in words; nothing if it can be saved."""
    links = [f"${name}" for name in _named(subject) if name in of.facts and of.facts[name].is_link]
    return _mistakes(of, subject) + [f"A link such as {link} does not go into a subject" for link in links]


def mistakes_in_body(of: Described, body: str) -> list[str]:
    """What is wrong with a body, and what it may not leave out."""
    missing = [f"${name}" for name in of.keeps if name not in _named(body)]
    found = _mistakes(of, body)
    for line in map(str.strip, body.splitlines()):
        link = templates.LINK_LINE.fullmatch(line)
        name = (link[2] or link[3]) if link else ""
        if name in of.facts and not of.facts[name].is_link:
            found.append(f"${name} is no link: it cannot stand behind words in brackets")
    if missing:
        found.append(f"This message must keep {_listed(missing)}: put {'it' if len(missing) == 1 else 'them'} back")
    return found


@transaction.atomic
def save(*, name: str, wording: Wording, seen: int, by: str) -> TemplateText:
    """Use this wording from now on. seen: the number of the version that was edited, 0 for the first.

    by is a person's reference. The same as is used already changes nothing. Raises ChangedSince.
    """
    turns.take(f"outbox.template:{name}")
    latest = versions(name).first()
    if wording == split(templates.text(name)):
        return latest or TemplateText(name=name, number=0)
    if (latest.number if latest else 0) != seen:
        raise ChangedSince(
            "Somebody else saved another text since you opened this page. Yours is still here and not saved: open the "
            "message in another window, see what changed, and save again."
        )
    return _next(name, latest, wording, by)


@transaction.atomic
def back_to_original(*, name: str, by: str) -> None:
    """Use the original from now on; where it is used already nothing changes."""
    turns.take(f"outbox.template:{name}")
    latest = versions(name).first()
    if latest is not None and not latest.is_original:
        _next(name, latest, Wording("", ""), by)


@transaction.atomic
def try_on(*, name: str, wording: Wording, reference: str, to: str, by: str) -> None:
    """Send the wording to who wrote it, with the facts about the reference; without one, with made-up ones."""
    draft = TemplateText.objects.create(name=name, subject=wording.subject, body=wording.body, changed_by=by)
    messages.post(key=f"{TRIAL}:{draft.pk}", template=TRIAL, to=to, reference=f"{draft.pk}:{reference}")


def recent(name: str) -> str:
    """What the latest message of the template is about; empty where there is none."""
    sent = Message.objects.filter(template=name, state__in=[Work.State.WAITING, Work.State.DONE])
    return sent.order_by("-created_at").values_list("reference", flat=True).first() or ""


def preview(name: str, wording: Wording, reference: str) -> tuple[Text, bool]:
    """How it reads, and whether with real facts: those about the reference, while its message would still be sent."""
    if reference:
        try:
            return templates.shown(name, reference, wording.whole), True
        except (NoLongerNeeded, NotYet):
            pass
        except Exception as error:  # what an app's facts raise is its own: made-up facts do as well
            log.info("The facts about %s for %s are gone (%s).", reference, name, type(error).__name__)
    return templates.filled(name, made_up(templates.described()[name]), wording.whole), False


def made_up(of: Described) -> dict[str, str | list[str]]:
    return {name: fact.example for name, fact in of.facts.items()}


def trial(reference: str) -> Text:
    """The text of a message by which somebody looks at their wording."""
    key, _, about = reference.partition(":")
    draft = TemplateText.objects.get(pk=key)
    text, _ = preview(draft.name, Wording(draft.subject, draft.body), about)
    return Text(f"Test: {text.subject}", text.paragraphs)


def register() -> None:
    """Let messages by which somebody tries a wording be sent."""
    templates.register_made(TRIAL, trial)


def _next(name: str, latest: TemplateText | None, wording: Wording, by: str) -> TemplateText:
    number = (latest.number or 0) + 1 if latest else 1
    saved = TemplateText.objects.create(
        name=name, number=number, subject=wording.subject, body=wording.body, changed_by=by
    )
    log.info("Version %s of template %s was saved by %s.", number, name, by)
    return saved


def _named(wording: str) -> set[str]:
    return set(string.Template(wording).get_identifiers())


def _mistakes(of: Described, wording: str) -> list[str]:
    if not string.Template(wording).is_valid():
        return ["A $ begins a placeholder, such as $name. Write $$ for a dollar sign"]
    unknown = sorted(f"${name}" for name in _named(wording) - set(of.facts))
    listed = ", ".join(f"${name}" for name in of.facts)
    is_no = "is no placeholder" if len(unknown) == 1 else "are no placeholders"
    return [f"{_listed(unknown)} {is_no} of this message. Those that there are: {listed}"] if unknown else []


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
