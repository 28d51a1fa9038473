"""Templates' texts as somebody edited them: what is refused, what is used, and what was there before."""

import pytest
from django.core import mail
from django.db import IntegrityError

from outbox import delivery, letter, messages, templates, wordings
from outbox.described import Described, Fact
from outbox.models import Message, TemplateText
from outbox.sender import Sender
from outbox.wordings import Wording
from tests.guards import Breaks, at_once, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()

OF = Described(
    "Trial",
    "Somebody",
    "Now",
    {
        "name": Fact("Their name", "Jade Lewis"),
        "sessions": Fact("When", ["Monday", "Tuesday"]),
        "link": Fact("Their link", "https://training.example.org/x/"),
    },
    ("name", "link"),
)
ORIGINAL = "Hello $name\n\nDear $name,\n\n[See it] $link\n\n$sessions\n"
OTHER = Wording("For $name", "Dear $name,\n\nnew words.\n\n[Look] $link")


@pytest.fixture
def edited(template, monkeypatch):
    """A template that can be edited; returns what a message of it says."""
    facts = {"name": "Ann", "sessions": ["Friday"], "link": "https://training.example.org/y/"}
    template(text=ORIGINAL, facts=lambda reference: facts)
    monkeypatch.setitem(templates._described, "trial", OF)
    return lambda: templates.make("trial", "R1")


def save(wording=OTHER, seen=0, by="KIM"):
    return wordings.save(name="trial", wording=wording, seen=seen, by=by)


# --- what is refused ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dear $nobody", "$nobody is no placeholder of this message. Those that there are: $name, $sessions, $link"),
        ("${nobody} and $Name", "$Name and $nobody are no placeholders"),
        ("[See it] $nobody", "$nobody is no placeholder"),
        ("It costs $5", "Write $$ for a dollar sign"),
        ("Dear $", "Write $$ for a dollar sign"),
        ("$naïve", "$na is no placeholder"),
    ],
)
def test_a_placeholder_that_is_not_listed_is_refused_with_its_name_and_the_listed_ones(text, said):
    assert said in wordings.mistakes_in_subject(OF, text)[0]
    assert any(said in mistake for mistake in wordings.mistakes_in_body(OF, f"$name $link\n\n{text}"))


def test_what_a_template_must_keep_is_asked_for_by_name():
    assert wordings.mistakes_in_body(OF, "Hello $name") == ["This message must keep $link: put it back"]
    assert wordings.mistakes_in_body(OF, "Hello") == ["This message must keep $name and $link: put them back"]
    assert wordings.mistakes_in_body(OF, "$$name [See] $$link") != []
    assert wordings.mistakes_in_body(OF, "Dear ${name},\n\n[See it] ${link}") == []


def test_only_a_link_becomes_a_button_and_no_link_stands_in_a_subject():
    assert "$sessions is no link" in wordings.mistakes_in_body(OF, "$name $link\n\n[Look] $sessions")[0]
    assert "$link does not go into a subject" in wordings.mistakes_in_subject(OF, "See $link")[0]
    assert wordings.mistakes_in_subject(OF, "For $name: $$5") == []


# --- what is used ---------------------------------------------------------------------------------------------------
def test_what_is_saved_is_what_the_next_message_says_and_the_original_comes_back(edited):
    assert edited().subject == "Hello Ann"
    save()
    assert (edited().subject, edited().body) == (
        "For Ann",
        "Dear Ann,\n\nnew words.\n\nLook: https://training.example.org/y/\n",
    )
    wordings.back_to_original(name="trial", by="SAM")
    assert edited().subject == "Hello Ann"
    wordings.back_to_original(name="trial", by="SAM")
    assert [(one.number, one.changed_by, one.is_original) for one in wordings.versions("trial")] == [
        (2, "SAM", True),
        (1, "KIM", False),
    ]
    save(seen=2)
    assert edited().subject == "For Ann"


def test_a_message_that_waits_says_what_is_saved_by_then(edited):
    messages.post(key="trial:1", template="trial", to="ann@example.org", reference="R1")
    save()
    delivery.send_waiting()
    assert mail.outbox[0].subject == "For Ann"


def test_a_button_with_braces_is_a_button(edited):
    save(Wording("x", "Dear $name,\n\n[Look] ${link}"))
    assert 'class="button"' in letter.page(edited(), "Anytown")


def test_the_same_text_is_no_version(edited):
    save(wordings.split(ORIGINAL))
    assert not TemplateText.objects.exists()
    save()
    save()
    assert TemplateText.objects.count() == 1


def test_whoever_edited_an_older_version_is_told_and_nothing_is_lost(edited):
    save()
    with pytest.raises(wordings.ChangedSince, match="not saved"):
        save(Wording("Mine", "$name $link"), seen=0)
    assert edited().subject == "For Ann"
    save(Wording("Mine", "$name $link"), seen=1)
    assert edited().subject == "Mine"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(edited):
    found = at_once(*[lambda n=n: save(Wording(f"By {n}", "$name $link")) for n in range(4)])
    assert sum(isinstance(one, wordings.ChangedSince) for one in found) == 3
    assert TemplateText.objects.count() == 1


def test_a_text_that_names_a_fact_of_an_earlier_turnout_gives_way_to_the_original(edited):
    TemplateText.objects.create(name="trial", number=1, subject="x", body="$gone", changed_by="KIM")
    assert edited().subject == "Hello Ann"


# --- looking at it --------------------------------------------------------------------------------------------------
def test_a_preview_has_real_facts_without_their_links_or_made_up_ones(edited, monkeypatch):
    text, is_real = wordings.preview("trial", OTHER, "R1")
    assert (text.subject, is_real) == ("For Ann", True)
    assert templates.LINK_LEFT_OUT in text.body
    text, is_real = wordings.preview("trial", OTHER, "")
    assert (text.subject, is_real) == ("For Jade Lewis", False)

    def gone(reference):
        raise templates.NoLongerNeeded("It is over.")

    monkeypatch.setitem(templates._facts, "trial", gone)
    assert wordings.preview("trial", OTHER, "R1") == (text, False)


def test_the_latest_message_is_what_a_preview_is_about(edited):
    assert wordings.recent("trial") == ""
    for number in (1, 2):
        messages.post(key=f"trial:{number}", template="trial", to="ann@example.org", reference=f"R{number}")
    assert wordings.recent("trial") == "R2"


def test_a_test_says_what_is_not_saved_yet_with_no_link_that_another_could_use(edited):
    wordings.try_on(name="trial", wording=OTHER, reference="R1", to="kim@example.org", by="KIM")
    delivery.send_waiting()
    (sent,) = mail.outbox
    assert sent.to == ["kim@example.org"]
    assert sent.subject == "Test: For Ann"
    assert "training.example.org/y/" not in sent.body
    assert edited().subject == "Hello Ann"
    assert not wordings.versions("trial")


# --- hostile facts, in every message that can be edited -------------------------------------------------------------
HOSTILE = {
    "markup": "<script>alert(1)</script>",
    "placeholder": "$other ${link} $$",
    "commands": "{{7*7}} {% debug %} %(name)s",
    "lines": "Ann\r\nBcc: eve@example.org\n\n[Pay] $link",
    "right to left": "\u202eteviL edaJ\u202c",
    "long": "x" * 10_000,
}


def everything(of):
    """A text that names all that there is, in its body and, but for links, in its subject."""
    plain = [name for name, fact in of.facts.items() if not fact.is_link]
    links = [name for name, fact in of.facts.items() if fact.is_link]
    body = "\n\n".join([f"Is ${name}?" for name in plain] + [f"[To {name}] ${name}" for name in links])
    return Wording(" ".join(f"${{{name}}}" for name in plain)[:200], body)


@pytest.mark.parametrize("name", sorted(templates._described))
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_facts_stay_text_in_whatever_a_text_is_edited_to(name, kind, monkeypatch):
    of, hostile = templates.described()[name], HOSTILE[kind]
    facts = {
        key: fact.example if fact.is_link else [hostile] if isinstance(fact.example, list) else hostile
        for key, fact in of.facts.items()
    }
    monkeypatch.setitem(templates._facts, name, lambda reference: facts)
    wording = everything(of)
    assert wordings.mistakes_in_subject(of, wording.subject) == []
    assert wordings.mistakes_in_body(of, wording.body) == []
    wordings.save(name=name, wording=wording, seen=0, by="KIM")
    text = templates.make(name, "R1")
    email = delivery.as_email(
        Message(template=name, to="jade@example.org", reference="R1"), text, [], Sender("Anytown", "")
    )
    page = letter.page(text, "Anytown")
    one_line = templates.one_line(hostile)
    assert text.body.count(f"Is {one_line}?") == sum(not fact.is_link for fact in of.facts.values())
    assert "<script>" not in page
    assert page.count('class="button"') == sum(fact.is_link for fact in of.facts.values())
    assert email.message()["Bcc"] is None
    assert "\n" not in text.subject


@pytest.mark.parametrize("name", sorted(templates._described))
def test_every_original_could_be_saved_as_it_is(name):
    of, original = templates.described()[name], wordings.split(templates.original(name))
    assert wordings.mistakes_in_subject(of, original.subject) == []
    assert wordings.mistakes_in_body(of, original.body) == []
    text, _ = wordings.preview(name, original, "")
    assert "$" not in text.body


def test_only_warnings_to_administrators_cannot_be_edited():
    ours = {name for name in templates._facts if not name.startswith("trial")}
    assert ours - set(templates.described()) == {"truth_broken"}, "say in the app's described.py what each is"


# --- guards ---------------------------------------------------------------------------------------------------------
def version(**facts):
    facts = {"name": "trial", "number": 1, "subject": "x", "body": "y", "changed_by": "KIM"} | facts
    return TemplateText.objects.create(**facts)


@breaks.by("template_text_never_changes")
def an_edited_version():
    sql("update outbox_templatetext set body = 'z' where id = %s", version().pk)


@breaks.by("template_text_is_one_version_of_its_template")
def two_of_one_number():
    version()
    version()


@breaks.by("template_text_has_a_subject_and_a_body")
def a_subject_alone():
    version(body="")


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


def test_a_version_is_not_deleted_but_a_draft_may_be():
    version(number=None).delete()
    with pytest.raises(IntegrityError, match="cannot be changed or deleted"):
        version().delete()


def test_versions_are_never_emptied():
    version()
    sql("set local turnout.may_truncate = 'no'")  # yes in tests alone
    with pytest.raises(IntegrityError, match="may not be emptied"):
        sql("truncate outbox_templatetext")
