from django.urls import path

from frontend.staff_training import views

app_name = "staff_training"
urlpatterns = [
    path("staff-training/", views.staff_training, name="list"),
    path("staff-training/download/", views.download, name="download"),
]
