from django.urls import path

from frontend.planning import changing, copying, moving_day, views

app_name = "planning"
urlpatterns = [
    path("programme/new/", views.new_event, name="new"),
    path("programme/move-day/", moving_day.move_day, name="move_day"),
    path("events/<str:reference>/change/", changing.change_event, name="change"),
    path("events/<str:reference>/copy/", copying.copy_event, name="copy"),
]
