from django.urls import path

from frontend.booking import arranging, needs, workshops
from frontend.booking import views as booking
from frontend.bookings import changes, making_up, moving, reasons, views
from frontend.calendars import views as calendars

app_name = "bookings"
urlpatterns = [
    path("bookings/", views.bookings, name="list"),
    path("bookings/download/", views.download, name="download"),
    path("bookings/<str:reference>/", views.booking, name="booking"),
    path("bookings/<str:reference>/history/", views.history, name="history"),
    path("bookings/<str:reference>/calendar/", calendars.booking, name="calendar"),
    path("bookings/<str:reference>/booked/", booking.booked, name="booked"),
    path("bookings/<str:reference>/workshops/", workshops.change, name="workshops"),
    path("bookings/<str:reference>/needs/", needs.of_booking, name="needs"),
    path("bookings/<str:reference>/needs/arrange/", arranging.arrange, name="arrange_need"),
    path("bookings/<str:reference>/needs/take-back/", arranging.take_back, name="take_back_need"),
    path("bookings/<str:reference>/cancel/", changes.cancel, name="cancel"),
    path("bookings/<str:reference>/bring-back/", changes.bring_back, name="bring_back"),
    path("bookings/<str:reference>/move/", moving.move, name="move"),
    path("bookings/<str:reference>/make-up/", making_up.make_up, name="make_up"),
    path("bookings/<str:reference>/make-up/<int:number>/take-back/", making_up.take_back, name="take_back_make_up"),
    path("bookings/<str:reference>/reason/", reasons.reason, name="reason"),
    path("bookings/<str:reference>/reason/take-out/", reasons.take_out, name="take_out_reason"),
    path("bookings/<str:reference>/substitute/", changes.substitute, name="substitute"),
    path("bookings/<str:reference>/give-a-place/", changes.give_place, name="give_place"),
]
