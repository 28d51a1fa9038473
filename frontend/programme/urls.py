from django.urls import path

from frontend.programme import views

app_name = "programme"
urlpatterns = [
    path("programme/", views.programme, name="list"),
    path("programme/download/", views.download, name="download"),
]
