from django.urls import path

from frontend.calendars import views

app_name = "calendar"
urlpatterns = [
    path("calendar/", views.own, name="own"),
    path("calendar/renew/", views.renew, name="renew"),
    path("calendar/end/", views.end, name="end"),
    path("calendar/<str:secret>/training.ics", views.feed, name="feed"),
]
