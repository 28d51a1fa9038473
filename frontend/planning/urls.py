from django.urls import path

from frontend.planning import changing, views

app_name = "planning"
urlpatterns = [
    path("programme/new/", views.new_event, name="new"),
    path("events/<str:reference>/change/", changing.change_event, name="change"),
]
