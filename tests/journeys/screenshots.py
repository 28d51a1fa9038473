"""Pictures of the demonstration's pages for README and docs, each looked at by axe: script/screenshots runs it."""

import shutil
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from bookings.models import Booking, MakeUp, Register
from invoicing.models import Invoice
from people.models import Person
from programme.demonstration.sign_ins import DOMAIN, PASSWORD, busiest_delegate
from tests.conftest import AXE, AXE_RULES, BROWSERS, QUIET
from training.models import Event

FOLDER = Path(settings.BASE_DIR) / "docs" / "screenshots"
WIDTHS = {1280: 900, 375: 812}


def pages() -> dict[str, list[tuple[str, str]]]:
    """Per sign-in, the pages to show: a picture's name and an address."""
    waiting = Event.objects.filter(bookings__state="waiting").order_by("starts_at").first()
    to_mark = Event.objects.filter(sessions__register=None, sessions__trainers__trainer__person__isnull=False)
    to_mark = to_mark.filter(state="published").order_by("starts_at").first()
    absent = Booking.objects.filter(outcome="did-not-attend").order_by("event__ends_at").last()
    own_waiting = Booking.objects.filter(state="waiting", delegate__email=busiest_delegate().email).first()
    handed_in = Register.objects.filter(closed_at=None).select_related("session__event").first()
    needed = Booking.objects.filter(need__isnull=False).order_by("event__starts_at").first()
    conference = Event.objects.filter(workshops__isnull=False, state="published").order_by("starts_at").last()
    made_up = MakeUp.objects.live().select_related("event", "booking").first()
    requested = Booking.objects.filter(state="requested").first()
    led = Person.objects.get(email=f"lead@{DOMAIN}").agency
    return {
        "": [
            ("sign-in", "/accounts/login/"),
            ("help", "/help/"),
            ("privacy", "/privacy/"),
            ("cookies", "/cookies/"),
            ("accessibility", "/accessibility/"),
            ("status", "/status/"),
            ("api", "/api/"),
            ("find-training", "/training/"),
            ("find-month", "/training/?view=month"),
            ("find-misspelt", "/training/?q=domestc+abus"),
            ("course", f"/courses/{waiting.course.code}/"),
            ("certificates", "/certificates/"),
        ],
        "coordinator": [
            ("home-coordinator", "/"),
            ("programme", "/programme/?year=2018-19"),
            ("programme-board", "/programme/?view=board"),
            ("new-event", "/programme/new/"),
            ("venues", "/venues/"),
            ("trainers", "/trainers/"),
            ("trainer-time", "/trainers/time/?year=2018-19"),
            ("event-trainers", "/events/DEMO-6/trainers/"),
            ("workshops", "/events/DEMO-11/workshops/"),
            ("event", f"/events/{waiting.reference}/"),
            ("change-event", f"/events/{waiting.reference}/change/"),
            ("places", f"/events/{waiting.reference}/places/"),
            ("cancel-event", f"/events/{waiting.reference}/cancel/"),
            ("write-to-delegates", f"/events/{waiting.reference}/message/"),
            ("needs", f"/events/{needed.event.reference}/needs/"),
            ("approvals", "/approvals/"),
            ("bookings", "/bookings/?state=did-not-attend&period=2018-19"),
            ("booking", f"/bookings/{absent.reference}/"),
            ("event-with-made-up", f"/events/{made_up.event.reference}/"),
            ("make-up", f"/bookings/{made_up.booking.reference}/make-up/"),
            ("reason", f"/bookings/{absent.reference}/reason/"),
            ("close-register", f"/events/{handed_in.session.event.reference}/register/close/"),
            ("move-day", f"/programme/move-day/?event={waiting.reference}"),
            ("report", "/report/2018-19/"),
            ("report-rows", "/report/2018-19/did_not_attend/?course=CSE"),
            ("publish-report", "/report/2018-19/publish/"),
            ("results", "/results/2018-19/"),
            ("import", "/programme/imports/upload/"),
            ("people", "/people/"),
            ("wanting-to-join", "/join/requests/"),
            ("agencies", "/agencies/"),
            ("messages", "/messages/"),
            ("message-templates", "/messages/templates/"),
            ("background-work", "/background-work/"),
            ("exports", "/exports/"),
            ("security", "/accounts/second-step/"),
        ],
        "trainer": [("home-trainer", "/"), ("register", f"/events/{to_mark.reference}/register/1/")],
        "finance": [
            ("home-finance", "/"),
            ("charges", "/charges/?year=2018-19"),
            ("charging-policy", "/charging-policy/"),
            ("new-policy", "/charging-policy/new/"),
            ("raise-invoices", "/invoices/raise/"),
            ("invoices", "/invoices/?year=2018-19"),
            ("invoice", f"/invoices/{Invoice.objects.issued().order_by('-net_amount').first().reference}/"),
        ],
        "subgroup": [("home-subgroup", "/")],
        "lead": [
            ("home-lead", "/"),
            ("staff-training", "/staff-training/"),
            ("agency-use", f"/agencies/{led.reference}/use/?year=2018-19"),
            ("agency-gaps", f"/agencies/{led.reference}/gaps/"),
            ("book-several", f"/events/{conference.reference}/book-several/"),
            ("reserve", f"/events/{conference.reference}/reserve/"),
            ("invite", "/join/invitations/invite/"),
        ],
        "manager": [("home-manager", "/"), ("approve", f"/approvals/{requested.reference}/")],
        busiest_delegate().email: [
            ("home-practitioner", "/"),
            ("my-training", "/my-training/"),
            ("my-details", "/my-details/"),
            ("my-data", "/my-data/"),
            ("calendar", "/calendar/"),
            ("waiting", f"/bookings/{own_waiting.reference}/waiting-list/"),
            ("book-workshops", f"/events/{conference.reference}/book/"),
            ("booked", f"/bookings/{own_waiting.reference}/booked/"),
        ],
    }


def take(base: str) -> None:
    """All pictures, at desktop and telephone width. Stops at the first page that is broken or that axe complains of."""
    wanted = pages()
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        for sign_in, shown in wanted.items():
            _take_as(browser, base, sign_in, shown)
        browser.close()


def _take_as(browser: Browser, base: str, sign_in: str, shown: list[tuple[str, str]]) -> None:
    page = browser.new_context(base_url=base, locale="en-GB").new_page()
    if sign_in:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", sign_in if "@" in sign_in else f"{sign_in}@{DOMAIN}")
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{base}/")
    for name, address in shown:
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            answer = page.goto(address)
            if not answer or not answer.ok:
                raise SystemExit(f"{address} as {sign_in or 'a visitor'}: {answer and answer.status}")
            _look(page, f"{address} as {sign_in or 'a visitor'} at {width}")
            # The first screens of long pages: enough to see, and small enough to keep.
            tall = min(page.evaluate("document.documentElement.scrollHeight"), 1800)
            clip = {"x": 0, "y": 0, "width": width, "height": tall}
            page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True, clip=clip)


def _look(page: Page, what: str) -> None:
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "rules => axe.run({runOnly: rules}).then(r => r.violations.map(v => `${v.id}: ${v.nodes[0].html}`))", AXE_RULES
    )
    if found:
        raise SystemExit(f"{what}: {found}")
