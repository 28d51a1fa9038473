import pytest

from outbox import templates

pytestmark = pytest.mark.django_db


def test_the_first_line_is_the_subject_and_the_rest_the_body(template):
    template(
        text="Your place on $course\n\nHello $name,\n\nsee you.\n", facts=lambda r: {"course": "Neglect", "name": r}
    )
    made = templates.make("trial", "Ann")
    assert (made.subject, made.body) == ("Your place on Neglect", "Hello Ann,\n\nsee you.\n")


@pytest.mark.parametrize("fact", ["{{7*7}}", "$about", "${about}", "$$", "%(about)s", "<script>", "{0}"])
def test_a_fact_is_never_looked_at_again(template, fact):
    template(text="About $about\n\n$about", facts=lambda r: {"about": fact})
    made = templates.make("trial", "R1")
    assert (made.subject, made.body) == (f"About {fact}", f"{fact}\n")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0"])
def test_a_fact_cannot_begin_a_line_of_its_own(template, end):
    template(text="About $about\n\nDear $about,", facts=lambda r: {"about": f"Ann{end}Bcc: eve@example.org"})
    made = templates.make("trial", "R1")
    assert made.subject == "About Ann Bcc: eve@example.org"
    assert made.body == "Dear Ann Bcc: eve@example.org,\n"


def test_a_list_is_lines_and_an_empty_fact_leaves_no_hole(template):
    facts = {"where": ["Civic Centre", "1 High\nStreet"], "needs": ""}
    template(text="Subject\n\n$where\n\n$needs\n\nEnd", facts=lambda r: facts)
    assert templates.make("trial", "R1").body == "Civic Centre\n1 High Street\n\nEnd\n"


def test_a_placeholder_without_a_fact_is_a_mistake(template):
    template(text="Subject\n\n$mistyped")
    with pytest.raises(KeyError):
        templates.make("trial", "R1")


def test_a_template_without_text_is_a_mistake(template):
    with pytest.raises(LookupError, match="mistyped"):
        templates.original("mistyped")


@pytest.mark.parametrize("name", sorted(templates._facts))
def test_every_registered_template_has_its_text(name):
    subject, _, body = templates.original(name).partition("\n")
    assert subject.strip()
    assert body.strip()


def test_others_are_shown_a_message_without_the_links_in_it(template):
    facts = {"link": "https://training.example.org/answer/aBc:1x/", "site": "https://training.example.org", "all": []}
    facts["all"] = ["one", "see http://localhost:8000/x?y=1 now"]
    template(text="Trial\n\n$link\n$site\n$all\n", facts=lambda reference: facts)
    assert "aBc:1x" in templates.make("trial", "R1").body
    left_out = templates.LINK_LEFT_OUT
    assert templates.shown("trial", "R1").body == f"{left_out}\nhttps://training.example.org\none\nsee {left_out} now\n"
