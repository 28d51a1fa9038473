from django.urls import path

from frontend.people import changes, leaving, merging, roles, views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/download/", views.download, name="download"),
    path("people/invite/", views.invite_all, name="invite_all"),
    path("people/add/", views.add_person, name="add"),
    path("people/duplicates/", merging.likely, name="duplicates"),
    path("people/merges/<str:reference>/undo/", merging.undo_merge, name="undo_merge"),
    path("people/<str:reference>/", views.person, name="person"),
    path("people/<str:reference>/correct/", changes.correct_person, name="correct"),
    path("people/<str:reference>/line-manager/", changes.set_line_manager, name="line_manager"),
    path("people/<str:reference>/agency/", changes.change_agency, name="agency"),
    path("people/<str:reference>/agency/stop/", changes.stop_change, name="stop_change"),
    path("people/<str:reference>/invite/", changes.invite, name="invite"),
    path("people/<str:reference>/merge/", merging.merge_with, name="merge_with"),
    path("people/<str:reference>/merge/<str:other>/", merging.merge, name="merge"),
    path("people/<str:reference>/apart/<str:other>/", merging.keep_apart, name="keep_apart"),
    path("people/<str:reference>/left/", leaving.record_as_left, name="left"),
    path("people/<str:reference>/not-left/", leaving.undo_leaving, name="not_left"),
    path("people/<str:reference>/reset-second-step/", roles.reset_second_step, name="reset_second_step"),
    path("people/<str:reference>/roles/give/", roles.give_role, name="give_role"),
    path("people/<str:reference>/roles/<int:number>/take/", roles.take_role, name="take_role"),
]
