from django.urls import path

from frontend.events import booking, joining, messaging, views

app_name = "events"
urlpatterns = [
    path("events/<str:reference>/", views.event, name="event"),
    path("events/<str:reference>/book/", booking.book, name="book"),
    path("events/<str:reference>/joining/", joining.say_how_to_join, name="joining"),
    path("events/<str:reference>/message/", messaging.write, name="message"),
    path("events/<str:reference>/message/<str:announcement>/", messaging.announced, name="announced"),
]
