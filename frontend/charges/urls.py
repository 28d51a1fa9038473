from django.urls import path

from frontend.charges import crediting, views

app_name = "charges"
urlpatterns = [
    path("charges/", views.charges, name="list"),
    path("charges/download/", views.download, name="download"),
    path("charges/confirm/", views.confirm_charges, name="confirm"),
    path("charges/<str:reference>/", views.charge, name="charge"),
    path("charges/<str:reference>/waive/", views.waive_charge, name="waive"),
    path("charges/<str:reference>/credit/", crediting.credit_charge, name="credit"),
    path("charges/<str:reference>/dispute/", views.dispute_charge, name="dispute"),
]
