from django.urls import path

from frontend.certificates import views

app_name = "certificates"
urlpatterns = [
    path("certificates/", views.find, name="find"),
    path("certificates/<str:code>/", views.check, name="check"),
]
