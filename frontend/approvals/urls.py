from django.urls import path

from frontend.approvals import deputies, views

app_name = "approvals"
urlpatterns = [
    path("approve/<str:token>/", views.linked, name="linked"),
    path("approvals/", views.approvals, name="list"),
    path("approvals/download/", views.download, name="download"),
    path("approvals/deputy/", deputies.deputy, name="deputy"),
    path("approvals/deputy/<str:reference>/end/", deputies.end, name="end_deputy"),
    path("approvals/<str:reference>/", views.decide, name="decide"),
    path("approvals/<str:reference>/remind/", views.remind, name="remind"),
]
