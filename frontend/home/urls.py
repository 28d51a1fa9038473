from django.urls import path

from frontend.home import views

urlpatterns = [path("", views.home, name="home")]
