from django.urls import path

from frontend.booking import needs
from frontend.booking import views as booking
from frontend.events import joining, views

app_name = "events"
urlpatterns = [
    path("events/<str:reference>/", views.event, name="event"),
    path("events/<str:reference>/book/", booking.book, name="book"),
    path("events/<str:reference>/book/<str:step>/", booking.book_step, name="book_step"),
    path("events/<str:reference>/needs/", needs.of_event, name="needs"),
    path("events/<str:reference>/joining/", joining.say_how_to_join, name="joining"),
]
