from django.urls import path

from frontend.invoices import views

app_name = "invoices"
urlpatterns = [
    path("invoices/", views.invoices, name="list"),
    path("invoices/download/", views.download, name="download"),
    path("invoices/raise/", views.raise_invoices, name="raise"),
    path("invoices/runs/<uuid:key>/", views.run, name="run"),
    path("invoices/<str:reference>/", views.invoice, name="invoice"),
    path("invoices/<str:reference>/pdf/", views.invoice_pdf, name="pdf"),
]
