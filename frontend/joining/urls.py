from django.urls import path

from frontend.joining import deciding, inviting, views

app_name = "joining"
urlpatterns = [
    path("join/", views.join, name="join"),
    path("join/invited/<str:token>/", views.invited, name="invited"),
    path("join/requests/", deciding.requests, name="requests"),
    path("join/requests/<str:reference>/", deciding.decide, name="decide"),
    path("join/invitations/", inviting.invitations, name="invitations"),
    path("join/invitations/invite/", inviting.invite, name="invite"),
    path("join/invitations/<str:reference>/send-again/", inviting.send_again, name="send_again"),
    path("join/invitations/<str:reference>/withdraw/", inviting.withdraw, name="withdraw"),
]
