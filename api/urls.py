"""The addresses of version 1. They have no slash at the end. Their views are imported at the first request to one."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from api.lazy import LazyView


class ReferenceConverter(StringConverter):
    """What can be a reference: the database would refuse to look for a NUL."""

    regex = r"[^/\x00-\x1f]{1,40}"


register_converter(ReferenceConverter, "reference")

EVENT, SESSION = "events/<reference:reference>", "events/<reference:reference>/registers/<int:number>"

app_name = "api"
urlpatterns = [
    path("schema", LazyView("description.schema"), name="schema"),
    path("me", LazyView("me.Me"), name="me"),
    path("events", LazyView("events.Events"), name="events"),
    path(EVENT, LazyView("events.OneEvent"), name="event"),
    path(f"{EVENT}/registers", LazyView("registers.Registers"), name="registers"),
    path(f"{EVENT}/registers/close", LazyView("registers.CloseRegisters"), name="close_registers"),
    path(f"{EVENT}/registers/reopen", LazyView("registers.ReopenRegisters"), name="reopen_registers"),
    path(f"{SESSION}/marks", LazyView("registers.MarkRegister"), name="mark_register"),
    path(f"{SESSION}/hand-in", LazyView("registers.HandInRegister"), name="hand_in_register"),
    path("bookings", LazyView("bookings.Bookings"), name="bookings"),
    path("bookings/<reference:reference>", LazyView("bookings.OneBooking"), name="booking"),
    path("bookings/<reference:reference>/cancel", LazyView("bookings.CancelBooking"), name="cancel_booking"),
    path("charges", LazyView("charges.Charges"), name="charges"),
    path("charges/<reference:reference>", LazyView("charges.OneCharge"), name="charge"),
    path("invoices", LazyView("invoices.Invoices"), name="invoices"),
    path("invoices/<reference:reference>", LazyView("invoices.OneInvoice"), name="invoice"),
    path("report/<reference:year>", LazyView("report.Utilisation"), name="report"),
]
