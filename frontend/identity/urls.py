from django.urls import path

from frontend.identity import views

urlpatterns = [
    path("who-are-you/", views.who_are_you, name="who_are_you"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
]
