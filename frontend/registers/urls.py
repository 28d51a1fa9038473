from django.urls import path

from frontend.registers import checking_in, closing, corrections, device, marking, meeting, printing, views

app_name = "registers"
urlpatterns = [
    path("events/<str:reference>/register/<int:number>/", views.register, name="register"),
    path("events/<str:reference>/register/<int:number>/marks/", device.marks, name="marks"),
    path("events/<str:reference>/register/<int:number>/check-in/", checking_in.screen, name="check_in_screen"),
    path("check-in/<str:reference>/<int:number>/", checking_in.check_in, name="check_in"),
    path("check-in/done/", checking_in.checked_in, name="checked_in"),
    path("register-worker.js", device.worker, name="worker"),
    path("events/<str:reference>/register/<int:number>/download/", views.download, name="download"),
    path("events/<str:reference>/register/<int:number>/mark-rest/", marking.mark_rest, name="mark_rest"),
    path(
        "events/<str:reference>/register/<int:number>/attendance-file/",
        meeting.meeting_file,
        name="meeting_file",
    ),
    path("events/<str:reference>/register/<int:number>/walk-in/", marking.walk_in, name="walk_in"),
    path("events/<str:reference>/register/<int:number>/hand-in/", marking.hand_in, name="hand_in"),
    path("events/<str:reference>/sign-in-sheet/", printing.sign_in_sheet_page, name="sign_in_sheet"),
    path("events/<str:reference>/register/close/", closing.close, name="close"),
    path("events/<str:reference>/register/reopen/", closing.reopen, name="reopen"),
    path("events/<str:reference>/register/corrections/", corrections.corrections, name="corrections"),
]
