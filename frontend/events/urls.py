from django.urls import path

from frontend.events import booking, views

app_name = "events"
urlpatterns = [
    path("events/<str:reference>/", views.event, name="event"),
    path("events/<str:reference>/book/", booking.book, name="book"),
]
