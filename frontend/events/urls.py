from django.urls import path

from frontend.events import booking, joining, views

app_name = "events"
urlpatterns = [
    path("events/<str:reference>/", views.event, name="event"),
    path("events/<str:reference>/book/", booking.book, name="book"),
    path("events/<str:reference>/joining/", joining.say_how_to_join, name="joining"),
]
