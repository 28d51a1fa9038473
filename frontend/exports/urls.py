from django.urls import path

from frontend.exports import views

app_name = "exports"
urlpatterns = [
    path("exports/", views.exports, name="list"),
    path("exports/make/", views.make, name="make"),
    path("exports/<uuid:key>/", views.file, name="file"),
    path("exports/<uuid:key>/download/", views.fetch, name="fetch"),
]
