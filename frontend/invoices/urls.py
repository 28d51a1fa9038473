from django.urls import path

from frontend.invoices import credit_notes, views

app_name = "invoices"
urlpatterns = [
    path("invoices/", views.invoices, name="list"),
    path("invoices/download/", views.download, name="download"),
    path("invoices/raise/", views.raise_invoices, name="raise"),
    path("invoices/runs/<uuid:key>/", views.run, name="run"),
    path("invoices/<str:reference>/", views.invoice, name="invoice"),
    path("invoices/<str:reference>/pdf/", views.invoice_pdf, name="pdf"),
    path("credit-notes/<str:reference>/", credit_notes.credit_note, name="credit_note"),
    path("credit-notes/<str:reference>/pdf/", credit_notes.credit_note_pdf, name="credit_note_pdf"),
]
