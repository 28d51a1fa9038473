"""Every address: one line an area; each area's own are in frontend/<area>/urls.py."""

from django.urls import include, path

from frontend import brand

urlpatterns = [
    path("", include("frontend.home.urls")),
    path("", include("frontend.identity.urls")),
    path("", include("frontend.joining.urls")),
    path("", include("frontend.about.urls")),
    path("", include("frontend.programme.urls")),
    path("", include("frontend.planning.urls")),
    path("", include("frontend.venues.urls")),
    path("", include("frontend.trainers.urls")),
    path("", include("frontend.evaluations.urls")),
    path("", include("frontend.imports.urls")),
    path("", include("frontend.finding.urls")),
    path("", include("frontend.events.urls")),
    path("", include("frontend.agency_bookings.urls")),
    path("", include("frontend.bookings.urls")),
    path("", include("frontend.offers.urls")),
    path("", include("frontend.approvals.urls")),
    path("", include("frontend.calendars.urls")),
    path("", include("frontend.registers.urls")),
    path("", include("frontend.holding.urls")),
    path("", include("frontend.certificates.urls")),
    path("", include("frontend.staff_training.urls")),
    path("", include("frontend.own.urls")),
    path("", include("frontend.charges.urls")),
    path("", include("frontend.invoices.urls")),
    path("", include("frontend.policies.urls")),
    path("", include("frontend.reports.urls")),
    path("", include("frontend.health.urls")),
    path("", include("frontend.exports.urls")),
    path("", include("frontend.api_access.urls")),
    path("api/v1/", include("api.urls")),
    path("", include("frontend.people.urls")),
    path("", include("frontend.agency_use.urls")),
    path("", include("frontend.agencies.urls")),
    path("", include("frontend.outbox.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/second-step/", include("frontend.security.urls")),
    path("brand.css", brand.stylesheet, name="brand_stylesheet"),
    path("brand/logo", brand.logo, name="brand_logo"),
]

handler400 = "frontend.errors.bad_request"
handler403 = "frontend.errors.forbidden"
handler404 = "frontend.errors.not_found"
handler500 = "frontend.errors.server_error"
