from django.urls import path

from frontend.offers import views

app_name = "offers"
urlpatterns = [
    path("waiting-list/<str:token>/", views.linked, name="linked"),
    path("bookings/<str:reference>/waiting-list/", views.offer, name="offer"),
]
