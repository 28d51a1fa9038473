from django.urls import path

from frontend.planning import views

app_name = "planning"
urlpatterns = [
    path("programme/new/", views.new_event, name="new"),
]
