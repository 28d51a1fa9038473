from django.urls import path

from frontend.evaluations import results, views

app_name = "evaluations"
urlpatterns = [
    path("tell-us/thank-you/", views.thanks, name="thanks"),
    path("tell-us/<str:token>/", views.answer, name="answer"),
    path("events/<str:reference>/results/", results.event, name="event"),
    path("results/", results.latest, name="latest"),
    path("results/<str:year>/", results.year, name="year"),
    path("results/<str:year>/<str:code>/", results.course, name="course"),
]
