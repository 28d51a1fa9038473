from django.urls import path

from frontend.venues import views

app_name = "venues"
urlpatterns = [
    path("venues/", views.venues, name="list"),
    path("venues/add/", views.add_venue, name="add"),
    path("venues/<int:number>/", views.venue, name="venue"),
    path("venues/<int:number>/correct/", views.correct_venue, name="correct"),
    path("venues/<int:number>/rooms/add/", views.add_room, name="add_room"),
    path("venues/<int:number>/rooms/<int:room>/correct/", views.correct_room, name="correct_room"),
]
