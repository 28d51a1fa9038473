from django.urls import path

from frontend.people import changes, leaving, roles, views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/download/", views.download, name="download"),
    path("people/add/", views.add_person, name="add"),
    path("people/<str:reference>/", views.person, name="person"),
    path("people/<str:reference>/correct/", changes.correct_person, name="correct"),
    path("people/<str:reference>/line-manager/", changes.set_line_manager, name="line_manager"),
    path("people/<str:reference>/agency/", changes.change_agency, name="agency"),
    path("people/<str:reference>/agency/stop/", changes.stop_change, name="stop_change"),
    path("people/<str:reference>/invite/", changes.invite, name="invite"),
    path("people/<str:reference>/left/", leaving.record_as_left, name="left"),
    path("people/<str:reference>/not-left/", leaving.undo_leaving, name="not_left"),
    path("people/<str:reference>/reset-second-step/", roles.reset_second_step, name="reset_second_step"),
    path("people/<str:reference>/roles/give/", roles.give_role, name="give_role"),
    path("people/<str:reference>/roles/<int:number>/take/", roles.take_role, name="take_role"),
]
