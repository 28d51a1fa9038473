from django.urls import path

from frontend.finding import additions, course, views

app_name = "finding"
# A course's code is the partnership's own, and may have a stroke in it.
urlpatterns = [
    path("training/", views.find, name="list"),
    path("courses/<path:code>/tell-me/", course.tell_me, name="tell_me"),
    path("courses/<path:code>/do-not-tell-me/", course.do_not_tell_me, name="do_not_tell_me"),
    path("courses/<path:code>/messages/", additions.added_to_messages, name="added_to_messages"),
    path("courses/<path:code>/", course.course, name="course"),
]
