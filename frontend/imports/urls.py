from django.urls import path

from frontend.imports import views

app_name = "imports"
urlpatterns = [
    path("programme/imports/", views.imports, name="list"),
    path("programme/imports/upload/", views.upload, name="upload"),
    path("programme/imports/<str:reference>/", views.show, name="import"),
    path("programme/imports/<str:reference>/problems/", views.problems, name="problems"),
    path("programme/imports/<str:reference>/accept/", views.accept, name="accept"),
    path("programme/imports/<str:reference>/check/", views.check_again, name="check"),
    path("programme/imports/<str:reference>/discard/", views.discard, name="discard"),
]
