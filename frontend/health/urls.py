from django.urls import path

from frontend.health import views

urlpatterns = [path("status/", views.status, name="status")]
