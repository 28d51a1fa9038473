from django.urls import path

from frontend.trainers import answering, changes, own, preparing, putting_back, time, views

app_name = "trainers"
urlpatterns = [
    path("trainers/", views.trainers, name="list"),
    path("trainers/time/", time.time, name="time"),
    path("trainers/time/download/", time.download, name="time_download"),
    path("trainers/steps/", preparing.steps, name="steps"),
    path("trainers/steps/<int:step>/", preparing.change_step, name="change_step"),
    path("trainers/<int:number>/way/", preparing.way, name="way"),
    path("trainers/<int:number>/way/<str:code>/<int:step>/", preparing.sign, name="sign"),
    path("trainers/<int:number>/way/<str:code>/<int:step>/take-out/", preparing.take_out, name="take_out_step"),
    path("trainers/add/", changes.add_trainer, name="add"),
    path("trainers/<int:number>/", views.trainer, name="trainer"),
    path("trainers/<int:number>/correct/", changes.correct_trainer, name="correct"),
    path("trainers/<int:number>/courses/add/", changes.clear, name="clear"),
    path("trainers/<int:number>/courses/<int:clearance>/end/", changes.end_clearance, name="end_clearance"),
    path("trainers/<int:number>/put-back/", putting_back.put_back, name="put_back"),
    path("trainers/<int:number>/away/", changes.be_away, name="away"),
    path("trainers/<int:number>/away/<int:absence>/end/", changes.be_back, name="back"),
    path("my-dates/", own.my_dates, name="mine"),
    path("my-dates/asked/<str:token>/", answering.asked, name="asked"),
    path("my-dates/offer/<str:reference>/", own.volunteer, name="volunteer"),
    path("my-dates/away/<int:absence>/end/", own.be_back, name="i_am_back"),
]
