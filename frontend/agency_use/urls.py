from django.urls import path

from frontend.agency_use import gaps, use

app_name = "agency_use"
urlpatterns = [
    path("agencies/<str:reference>/use/", use.use, name="use"),
    path("agencies/<str:reference>/use/download/", use.download, name="use_download"),
    path("agencies/<str:reference>/gaps/", gaps.gaps, name="gaps"),
    path("agencies/<str:reference>/gaps/download/", gaps.download, name="gaps_download"),
]
