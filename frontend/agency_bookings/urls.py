from django.urls import path

from frontend.agency_bookings import several

app_name = "agency_bookings"
urlpatterns = [
    path("events/<str:reference>/book-several/", several.book_several, name="book_several"),
]
