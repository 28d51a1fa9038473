from django.urls import path

from frontend.api_access import views

app_name = "api_access"
urlpatterns = [
    path("api/", views.description, name="description"),
    path("accounts/api-access/", views.tokens, name="tokens"),
    path("accounts/api-access/new/", views.make_token, name="make_token"),
    path("accounts/api-access/<str:reference>/revoke/", views.revoke_token, name="revoke_token"),
]
