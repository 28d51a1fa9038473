from django.urls import path

from frontend.agency_bookings import reserving, several

app_name = "agency_bookings"
urlpatterns = [
    path("events/<str:reference>/book-several/", several.book_several, name="book_several"),
    path("events/<str:reference>/reserve/", reserving.reserve, name="reserve"),
    path("events/<str:reference>/reserve/<str:agency>/name/", reserving.name_place, name="name_place"),
    path("events/<str:reference>/reserve/<str:agency>/let-go/", reserving.let_go, name="let_go"),
]
