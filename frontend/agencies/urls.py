from django.urls import path

from frontend.agencies import addresses, changes, views

app_name = "agencies"
urlpatterns = [
    path("agencies/", views.agencies, name="list"),
    path("agencies/download/", views.download, name="download"),
    path("agencies/add/", changes.add_agency, name="add"),
    path("agencies/<str:reference>/", views.agency, name="agency"),
    path("agencies/<str:reference>/correct/", changes.correct_agency, name="correct"),
    path("agencies/<str:reference>/billing/", changes.set_billing, name="billing"),
    path("agencies/<str:reference>/names/add/", changes.add_name, name="add_name"),
    path("agencies/<str:reference>/names/<int:number>/remove/", changes.remove_name, name="remove_name"),
    path("agencies/<str:reference>/domains/add/", addresses.add_domain, name="add_domain"),
    path("agencies/<str:reference>/domains/<int:number>/remove/", addresses.remove_domain, name="remove_domain"),
]
