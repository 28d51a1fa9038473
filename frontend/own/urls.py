from django.urls import path

from frontend.booking import needs
from frontend.own import views

app_name = "own"
urlpatterns = [
    path("my-details/", views.details, name="details"),
    path("my-details/change/", views.change_details, name="change_details"),
    path("my-details/needs/", needs.kept, name="needs"),
    path("my-data/", views.data, name="data"),
    path("my-data/download/", views.download, name="download"),
]
