"""Help, privacy, accessibility and cookies: for anyone, true to the settings, and in the foot of every page."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from frontend.about.cookies import COOKIES
from people.models import Partnership
from tests.factories import ChargingPolicyFactory, PartnershipFactory, TariffFactory

pytestmark = pytest.mark.django_db

PAGES = ("help", "privacy", "cookies", "accessibility")


def text_of(client, page):
    found = re.sub(r"<[^>]+>", " ", client.get(reverse(page)).content.decode())
    return re.sub(r"\s+([.,:])", r"\1", " ".join(found.split()))


def foot_of(client, address):
    page = client.get(address).content.decode()
    return re.findall(r'<a [^>]*href="(/[^"]*)"', page[page.index("<footer") :])


@pytest.mark.parametrize("address", ["/accounts/login/", "/", "/programme/", "/nowhere/", "/help/"])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_every_page_has_them_in_its_foot_and_help_first(client, sign_in, address, is_signed_in):
    if is_signed_in:
        sign_in()
    response = client.get(address, follow=True)
    links = foot_of(client, response.request["PATH_INFO"])
    assert links[0] == reverse("help")
    assert {reverse(page) for page in PAGES} <= set(links)


@pytest.mark.parametrize(("page", "statements"), [("help", 2), ("privacy", 1), ("cookies", 1), ("accessibility", 2)])
def test_they_need_no_sign_in_and_few_statements(client, django_assert_num_queries, page, statements):
    with django_assert_num_queries(statements):
        assert client.get(reverse(page)).status_code == 200


def test_help_gives_the_prices_of_the_policy_in_force_in_one_more_statement(client, django_assert_num_queries):
    old, new = (ChargingPolicyFactory(in_force_from=date(year, 4, 1)) for year in (2018, 2020))
    TariffFactory(policy=old, net_amount=11)
    TariffFactory(policy=new, net_amount=75)
    TariffFactory(policy=new, reason="cancelled-late", notice=5, net_amount=60)
    with django_assert_num_queries(3):
        page = text_of(client, "help")
    assert "For bookings made since Wednesday 1 April 2020" in page
    assert "Cancelled with less than 5 working days’ notice Face to face, full day £60" in page
    assert "£75" in page
    assert "£11" not in page


def test_of_one_day_the_notice_is_one_days(client):
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy, reason="cancelled-late", notice=1)
    assert "less than 1 working day’s notice" in text_of(client, "help")


def test_where_nothing_is_charged_help_says_so(client):
    assert "At present nothing is charged" in text_of(client, "help")


def test_help_says_who_to_ask(client):
    assert "Its email address is not entered here yet" in text_of(client, "help")
    PartnershipFactory(training_email="training@anytown.example")
    assert 'href="mailto:training@anytown.example"' in client.get(reverse("help")).content.decode()


def test_the_privacy_notice_gives_the_contact_or_says_that_there_is_none_yet(client, settings):
    PartnershipFactory(training_email="training@anytown.example")
    assert "has not entered here yet how to reach its data protection officer" in text_of(client, "privacy")
    settings.DATA_PROTECTION_CONTACT = "Ann <b> Able, dpo@anytown.example"
    page = client.get(reverse("privacy")).content.decode()
    assert "The data protection officer: Ann &lt;b&gt; Able, dpo@anytown.example." in page
    assert "has not entered" not in page


def test_a_partnership_puts_its_own_legal_basis_and_times_into_the_notice(client, settings):
    assert "Article 6(1)(e)" in text_of(client, "privacy")
    settings.PRIVACY_LEGAL_BASIS = "By the law of Anytown."
    settings.PRIVACY_RETENTION = "Seven years."
    page = text_of(client, "privacy")
    assert "By the law of Anytown." in page
    assert "Seven years." in page
    assert "Article 6(1)(e)" not in page
    assert "does not delete records of training by itself" not in page


@pytest.mark.parametrize(
    ("nation", "who"),
    [
        (Partnership.Nation.ENGLAND_AND_WALES, "Equality and Human Rights Commission (EHRC)"),
        (Partnership.Nation.SCOTLAND, "Equality and Human Rights Commission (EHRC)"),
        (Partnership.Nation.NORTHERN_IRELAND, "Equality Commission for Northern Ireland (ECNI)"),
    ],
)
def test_the_accessibility_statement_names_who_enforces_it_in_the_nation(client, nation, who):
    PartnershipFactory(nation=nation)
    assert who in text_of(client, "accessibility")


def test_the_accessibility_statement_has_the_parts_that_the_regulations_ask_for(client):
    page = client.get(reverse("accessibility")).content.decode()
    heads = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
    assert heads == [
        "Feedback and contact",
        "Enforcement procedure",
        "Compliance status",
        "What is not accessible, or not known to be",
        "How it was tested",
    ]
    assert "partially compliant" in page
    assert re.search(r"prepared on \w+ \d+ \w+ 20\d\d", page)


def test_the_page_of_cookies_names_each_with_purpose_and_duration(client):
    page = text_of(client, "cookies")
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} < {cookie.name for cookie in COOKIES}
    for cookie in COOKIES:
        assert f"{cookie.name} {cookie.purpose} {cookie.duration}" in page
    assert "14 days at most" in page
    assert "52 weeks" in page
