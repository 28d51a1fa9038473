from django.urls import path

from frontend.holding import certificates, views

app_name = "holding"
urlpatterns = [
    path("my-training/", views.my_training, name="my_training"),
    path("my-training/<str:reference>/certificate/", certificates.certificate, name="certificate"),
    path("my-training/<str:reference>/certificate/pdf/", certificates.pdf, name="pdf"),
]
