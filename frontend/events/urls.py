from django.urls import path

from frontend.booking import arranging, needs
from frontend.booking import views as booking
from frontend.events import (
    breaking_off,
    cancelling,
    dating,
    joining,
    materials,
    messaging,
    places,
    publishing,
    trainers,
    views,
    workshop_changes,
    workshops,
)

app_name = "events"
urlpatterns = [
    path("needs/", arranging.coming, name="needs_coming"),
    path("events/<str:reference>/", views.event, name="event"),
    path("events/<str:reference>/book/", booking.book, name="book"),
    path("events/<str:reference>/book/<str:step>/", booking.book_step, name="book_step"),
    path("events/<str:reference>/needs/", needs.of_event, name="needs"),
    path("events/<str:reference>/needs/food/", arranging.order_food, name="order_food"),
    path("events/<str:reference>/joining/", joining.say_how_to_join, name="joining"),
    path("events/<str:reference>/materials/", materials.materials, name="materials"),
    path("events/<str:reference>/message/", messaging.write, name="message"),
    path("events/<str:reference>/message/<str:announcement>/", messaging.announced, name="announced"),
    path("events/<str:reference>/publish/", publishing.publish, name="publish"),
    path("events/<str:reference>/date/", dating.say_certainty, name="date"),
    path("events/<str:reference>/cancel/", cancelling.cancel, name="cancel"),
    path("events/<str:reference>/trainers/", trainers.trainers, name="trainers"),
    path("events/<str:reference>/workshops/", workshops.workshops, name="workshops"),
    path("events/<str:reference>/workshops/download/", workshops.download, name="workshop_numbers"),
    path("events/<str:reference>/workshops/add/", workshop_changes.add, name="add_workshop"),
    path("events/<str:reference>/workshops/<int:number>/", workshop_changes.change, name="change_workshop"),
    path("events/<str:reference>/workshops/<int:number>/take-out/", workshop_changes.take_out, name="workshop_out"),
    path("events/<str:reference>/workshops/<int:number>/places/", workshops.change_places, name="workshop_places"),
    path("events/<str:reference>/badges/", workshops.badges, name="badges"),
    path("events/<str:reference>/badges/pdf/", workshops.badges_pdf, name="badges_pdf"),
    path("events/<str:reference>/break-off/", breaking_off.break_off, name="break_off"),
    path("events/<str:reference>/places/", places.places, name="places"),
    path("events/<str:reference>/places/number/", places.change_places, name="change_places"),
    path("events/<str:reference>/places/cap/", places.cap, name="cap"),
    path("events/<str:reference>/places/keep/", places.keep, name="keep"),
    path("events/<str:reference>/places/put-back/", places.put_back, name="put_back"),
    path("events/<str:reference>/places/kept/<int:number>/", places.change_hold, name="change_hold"),
    path("events/<str:reference>/places/kept/<int:number>/end/", places.stop_keeping, name="stop_keeping"),
    path("events/<str:reference>/places/reserved/<int:number>/let-go/", places.let_go, name="let_go"),
]
