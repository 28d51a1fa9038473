"""The main pages of each role, looked at in every way that the accessibility statement speaks of.

Some roles in each test, as they share a world that takes seconds to make; what is wrong is told together.
"""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.conftest import TOO_WIDE
from tests.frontend.world import World
from tests.journeys.test_content_policy import LISTEN

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
# 1,280 by 1,024 pixels at 400 % are as many as these.
ZOOMED = {"width": 320, "height": 256}

# By role: views with what they are about, as in doors.py. A view is looked at in all ways once, by its first role.
# Not the page of an invoice run: it loads itself again every 3 seconds while it waits.
PAGES = {
    "": """
        account_login - account_signup - account_request_login_code - account_reset_password -
        help - privacy - cookies - accessibility - status - api_access:description -
        evaluations:answer asked evaluations:thanks - trainers:asked asked-trainer
        offers:linked listed offers:linked offered
        certificates:find - certificates:check certificate joining:invited invited approvals:linked to-approve
        finding:list - finding:course catalogued
    """,
    "coordinator": """
        home - programme:list - planning:new - planning:change event planning:copy event
        venues:list - venues:venue venue venues:add - trainers:list - trainers:trainer trainer trainers:clear trainer
        trainers:time - trainers:steps - trainers:way trainer trainers:sign way
        events:trainers event events:workshops event events:workshop_places workshop
        events:event held events:event event events:book event events:joining event events:date event events:needs soon
        events:needs_coming -
        bookings:list - bookings:booking booking bookings:cancel booking bookings:give_place waiting
        planning:move_day - events:break_off begun registers:corrections corrected
        bookings:make_up makes-up events:event made-up-at
        registers:register register registers:close held bookings:reason absent charges:list - invoices:list -
        reports:utilisation year reports:rows figure evaluations:year year evaluations:event held
        reports:publish year reports:published_list - reports:published_one published
        imports:list - imports:upload - imports:import import people:list - people:person person people:left person
        joining:requests - joining:decide joining joining:invitations - joining:invite -
        agencies:list - agencies:agency agency agencies:add_domain agency messages:list - messages:message message
        messages:held - jobs:list - exports:list -
    """,
    "finance officer": """
        home - charges:list - charges:charge charge charges:confirm - charges:waive charge
        charges:credit invoiced invoices:credit_note credit-note
        policies:list - policies:policy to-come policies:new - policies:withdraw to-come
        policies:exemptions - policies:add_exemption - policies:closing_days - policies:add_closing_day -
        invoices:list - invoices:raise - invoices:invoice invoice reports:utilisation year
    """,
    "trainer": """
        home - trainers:mine - registers:register register registers:hand_in register registers:walk_in register
    """,
    "practitioner": """
        home - finding:list - finding:course catalogued events:event event events:book bookable events:book_step step
        bookings:booked waiting bookings:workshops conference bookings:needs booking own:needs -
        bookings:list - bookings:booking booking bookings:substitute booking bookings:move booking
        offers:offer waiting charges:charge charge charges:dispute charge
        account_change_password - joining:join - mfa_index -
        calendar:own - calendar:renew - calendar:end - api_access:tokens - api_access:make_token -
        holding:my_training - holding:certificate attended own:details - own:change_details - own:data -
    """,
    "line manager": """
        home - staff_training:list - bookings:list - bookings:booking booking
        approvals:list - approvals:decide requested approvals:deputy -
    """,
    "agency lead": """
        home - staff_training:list - bookings:list - charges:list - invoices:invoice invoice reports:utilisation year
        agency_bookings:book_several event agency_bookings:reserve event agency_bookings:name_place reserved
        agency_bookings:let_go reserved agency_use:use agency agency_use:gaps agency
    """,
    "sub-group member": "home - programme:list - reports:utilisation year reports:rows figure evaluations:year year",
    "administrator": "home -",
}

# About as many pages each, so that they can be looked at side by side. A visitor has no name.
GROUPS = (
    ("coordinator",),
    ("", "finance officer", "trainer"),
    ("practitioner", "line manager"),
    ("agency lead", "sub-group member", "administrator"),
)

# WCAG 1.4.12; a sheet made by script, as the pages' content policy lets no other in.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  const letters = "line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important";
  sheet.replaceSync(`* { ${letters} } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
UNSPACED = "() => { document.adoptedStyleSheets = [] }"


class Role:
    """A role's browser pages: the usual one, one whose scripts do not arrive, one with JavaScript off."""

    def __init__(self, name, cookies, open_page, axe):
        self.name, self.axe, self.wrong = name or "a visitor", axe, []
        self.page, self.bare, self.off = open_page(), open_page(), open_page(java_script_enabled=False)
        self.page.add_init_script(LISTEN)
        # With JavaScript off axe, a script itself, could not look.
        self.bare.route("**/*.js", lambda route: route.abort())
        self.contexts = [one.context for one in (self.page, self.bare, self.off)]
        for context in self.contexts:
            context.add_cookies(cookies)

    def open(self, page, address):
        answer = page.goto(address)
        if not answer.ok or not page.url.endswith(address):
            self.wrong.append(f"{address} as {self.name} is not shown: {answer.status} at {page.url}")

    def look(self, page, size, how, *, axe=True):
        page.set_viewport_size(size)
        if axe:
            self.wrong += [f"As {self.name} {how}: {found}" for found in self.axe(page)]
        elif pixels := page.evaluate(TOO_WIDE):
            self.wrong.append(f"As {self.name} {how}: {page.url} is {pixels} pixels too wide")

    def see(self, address):
        self.open(self.page, address)
        self.look(self.page, DESK, "at a desk")
        self.look(self.page, PHONE, "on a phone")
        self.wrong += [f"{address} is refused {what}" for what in self.page.evaluate("window.refused")]

    def see_in_all_ways(self, address):
        self.look(self.page, ZOOMED, "at 400 %", axe=False)
        self.page.evaluate(SPACED)
        self.look(self.page, ZOOMED, "at 400 % with wide spacing", axe=False)
        self.page.evaluate(UNSPACED)
        self.page.emulate_media(forced_colors="active")
        self.look(self.page, DESK, "in forced colours")
        self.page.emulate_media(forced_colors="none")
        self.open(self.bare, address)
        self.look(self.bare, PHONE, "without our scripts")
        self.open(self.off, address)
        self.look(self.off, ZOOMED, "with JavaScript off", axe=False)
        if not self.off.locator("h1").is_visible():
            self.wrong.append(f"{address} as {self.name} has no heading with JavaScript off")


def pairs_of(role):
    """The views to look at as that role, each with the name of what it is about."""
    words = iter(PAGES[role].split())
    return list(zip(words, words, strict=True))


def seen_before(role):
    """Pages that a role before this one shows, and is looked at in all ways as."""
    before = list(PAGES)[: list(PAGES).index(role)]
    return {pair for name in before for pair in pairs_of(name)}


@pytest.mark.parametrize("roles", GROUPS, ids=" and ".join)
def test_every_main_page_fits_and_axe_finds_nothing_in_whatever_way_it_is_looked_at(open_page, axe, live_server, roles):
    world, wrong = World(), []
    for name in roles:
        key = {"name": settings.SESSION_COOKIE_NAME, "url": live_server.url}
        role = Role(name, [key | {"value": world.sessions[name]}] if name else [], open_page, axe)
        seen = seen_before(name)
        for page, about in pairs_of(name):
            address = reverse(page, args=world.objects[about])
            role.see(address)
            if (page, about) not in seen:
                role.see_in_all_ways(address)
        wrong += role.wrong
        for context in role.contexts:
            context.close()
    assert wrong == []
