from django.urls import path

from frontend.identity import views

urlpatterns = [
    path("who-are-you/", views.who_are_you, name="who_are_you"),
    path("not-known/", views.unknown_person, name="unknown_person"),
]
