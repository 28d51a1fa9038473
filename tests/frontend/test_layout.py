import re

import pytest
from django.contrib import messages
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from jinja2 import UndefinedError

from config.environment import contrast_with_white
from frontend import brand, errors, navigation
from frontend.navigation import Entry
from people.models import Role
from people.permissions import Right
from tests.factories import AccountFactory, EventFactory, PartnershipFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.frontend.urls")]


@pytest.fixture
def coordinator(client):
    person = PersonFactory(account=AccountFactory(), roles=[Role.COORDINATOR], name="Priya Shah")
    client.force_login(person.account)
    return person


def text_of(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_pages_carry_the_partnerships_name(client, coordinator):
    PartnershipFactory(name="Anytown Partnership", training_email="training@anytown.example")
    page = client.get("/gallery/").content.decode()
    assert "<title>Everything – Anytown Partnership</title>" in page
    assert "mailto:training@anytown.example" in page


def test_the_settings_name_goes_before_the_workbooks(client, coordinator, settings):
    PartnershipFactory(name="Anytown Partnership")
    settings.PARTNERSHIP_NAME = "Our own name"
    assert "<title>Everything – Our own name</title>" in client.get("/gallery/").content.decode()


def test_before_there_is_a_partnership_the_name_is_the_programs(client):
    assert "<title>Sign in – Turnout</title>" in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("address", ["/gallery/", "/accounts/login/", "/accounts/password/change/", "/nowhere/"])
def test_no_page_has_a_script_or_style_of_its_own(client, coordinator, address):
    if address == "/accounts/login/":
        client.logout()
    page = client.get(address).content.decode()
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    scripts = re.findall(r"<script(?![^>]*application/json)[^>]*>", page)  # JSON is data, and not run
    assert scripts == re.findall(r"<script[^>]*src=[^>]*>", page)


def test_the_frame_of_a_page_costs_three_statements(client, coordinator, django_assert_num_queries):
    PartnershipFactory()
    with django_assert_num_queries(3):  # session, account, person with roles, partnership
        client.get("/gallery/")


def test_a_visitors_page_costs_one(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/accounts/login/")


def test_links_are_shown_to_those_who_may_open_them(client, coordinator, monkeypatch):
    entries = (Entry("Home", "home"), Entry("Gallery", "gallery", (Right.SEE_REPORT, Right.GIVE_ROLES)))
    monkeypatch.setattr(navigation, "ENTRIES", entries)
    page = client.get("/gallery/").content.decode()
    assert re.search(r'href="/gallery/" aria-current="true">Gallery<', page)
    assert re.search(r'class="app-nav__link" href="/">Home<', page)

    client.force_login(PersonFactory(account=AccountFactory()).account)
    assert ">Gallery</a>" not in client.get("/gallery/").content.decode()


def test_an_event_and_its_register_lie_under_the_programme(client, coordinator):
    event = EventFactory(days=-1)
    for page in (f"/events/{event.reference}/", f"/events/{event.reference}/register/1/"):
        assert re.search(r'aria-current="true">Programme<', client.get(page).content.decode()), page


def test_every_entry_of_the_head_leads_somewhere(client):
    request = RequestFactory().get("/")
    request.resolver_match = None
    shown = set()
    every = [r for r in Role if r != Role.AGENCY_LEAD]
    for roles in (every, [Role.FINANCE_OFFICER], [Role.AGENCY_LEAD], [Role.ADMINISTRATOR]):
        person = PersonFactory(account=AccountFactory(), roles=roles)
        shown |= {link.text for link in navigation.links(request, person)}
    assert shown == {entry.label for entry in navigation.ENTRIES}


def test_agencies_have_a_link_of_their_own_only_where_they_do_not_lie_under_people():
    request = RequestFactory().get("/")
    request.resolver_match = None
    shown = {
        role: {link.text for link in navigation.links(request, PersonFactory(roles=[role]))} & {"People", "Agencies"}
        for role in Role
    }
    assert shown == {
        Role.AGENCY_LEAD: {"People"},
        Role.COORDINATOR: {"People"},
        Role.FINANCE_OFFICER: {"Agencies"},
        Role.SUBGROUP_MEMBER: {"Agencies"},
        Role.CONCERNS: set(),
        Role.ADMINISTRATOR: {"People"},
    }


def test_a_visitor_sees_the_way_to_training_and_in_and_no_account(client):
    page = client.get("/accounts/login/").content.decode()
    assert re.findall(r'app-nav__link" href="([^"]+)"', page) == ["/training/", "/accounts/login/"]
    assert "app-menu" not in page


def test_what_was_said_to_somebody_is_a_banner(client, coordinator):
    request = client.get("/gallery/").wsgi_request
    messages.success(request, "The register is <closed>.")
    messages.error(request, "The event is full.")
    shown = engines["pages"].get_template("errors/404.html").render({}, request)
    assert shown.count("govuk-notification-banner--success") == 1
    assert "The register is &lt;closed&gt;." in shown
    assert 'role="alert"' in shown.split("The event is full.")[0]
    assert len(set(re.findall(r'id="(notice-\d)"', shown))) == 2


def test_a_name_that_does_not_exist_fails_when_it_is_printed():
    with pytest.raises(UndefinedError, match="'misspelt' is undefined"):
        engines["pages"].from_string("{{ misspelt }}").render()
    with pytest.raises(UndefinedError, match="no attribute 'misspelt'"):
        engines["pages"].from_string("{{ thing.misspelt.further }}").render({"thing": 1})
    assert engines["pages"].from_string("{{ 'a' if misspelt else 'b' }}").render() == "b"


def test_text_is_escaped():
    drawn = engines["pages"].from_string("{{ name }} {{ tag(name) }}").render({"name": "<b>"})
    assert "<b>" not in drawn


# --- Refused and failed ----------------------------------------------------------------------------------------------


def test_a_page_that_does_not_exist_says_so(client, coordinator):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in text_of(response)
    assert "Priya Shah" in text_of(response)


def test_a_refused_page_says_who_can(client, coordinator):
    response = client.get("/forbidden/")
    assert response.status_code == 403
    assert "You are signed in as Priya Shah, whose role does not allow this." in text_of(response)
    assert "A coordinator can do it for you." in text_of(response)


def test_a_fault_has_a_page_that_needs_no_database(client, coordinator, django_assert_num_queries, caplog):
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "This is our fault" in text_of(response)
    connection.close()
    with django_assert_num_queries(0):
        assert errors.server_error(RequestFactory().get("/")).status_code == 500


def test_a_bad_request_has_a_page(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Nothing was changed" in text_of(response)


def test_a_form_from_before_signing_in_says_what_to_do(coordinator):
    from django.test import Client

    careful = Client(enforce_csrf_checks=True)
    careful.force_login(coordinator.account)
    response = careful.post("/accounts/logout/")
    assert response.status_code == 403
    assert "This page is out of date" in text_of(response)


# --- Brand -----------------------------------------------------------------------------------------------------------


def test_the_brand_is_a_stylesheet_that_browsers_keep(client, settings):
    settings.BRAND_COLOUR = "#7a1f5c"
    address = brand.stylesheet_address()
    response = client.get(address)
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert "--govuk-brand-colour:#7a1f5c;" in response.content.decode()
    settings.BRAND_COLOUR = "#1d4f76"
    assert brand.stylesheet_address() != address


def test_the_brands_darker_shade_has_more_contrast_and_text_is_readable_on_its_tint():
    dark, tint = re.search(r"--brand-dark:(#\w{6});--brand-tint:(#\w{6})", brand.css("#1d4f76")).groups()
    assert contrast_with_white(dark) > contrast_with_white("#1d4f76")
    assert contrast_with_white("#0b0c0c") / contrast_with_white(tint) > 4.5


def test_the_logo_may_be_an_address_or_a_file_of_ours(client, settings, tmp_path):
    image = tmp_path / "logo.svg"
    image.write_text("<svg/>")
    for logo, src in {
        "https://logo.example/l.svg": "https://logo.example/l.svg",
        "images/l.svg": "/static/images/l.svg",
        str(image): "/brand/logo",
    }.items():
        settings.BRAND_LOGO = logo
        assert f'src="{src}" alt=""' in client.get("/accounts/login/").content.decode()
    response = client.get("/brand/logo")
    assert (response["Content-Type"], b"".join(response.streaming_content)) == ("image/svg+xml", b"<svg/>")
    image.unlink()
    assert client.get("/brand/logo").status_code == 404
    settings.BRAND_LOGO = ""
    assert client.get("/brand/logo").status_code == 404
    assert "<img" not in client.get("/accounts/login/").content.decode()
