from django.urls import path

from frontend.planning import changing, copying, moving_online, views

app_name = "planning"
urlpatterns = [
    path("programme/new/", views.new_event, name="new"),
    path("programme/move-online/", moving_online.move_online, name="move_online"),
    path("events/<str:reference>/change/", changing.change_event, name="change"),
    path("events/<str:reference>/copy/", copying.copy_event, name="copy"),
]
