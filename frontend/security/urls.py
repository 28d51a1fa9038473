from django.urls import include, path

from frontend.security import views

urlpatterns = [
    # Before allauth's own of the same address.
    path("webauthn/keys/<int:pk>/remove/", views.remove_key, name="mfa_remove_webauthn"),
    path("", include("allauth.mfa.urls")),
]
