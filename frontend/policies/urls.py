from django.urls import path

from frontend.policies import closing, exemptions, views

app_name = "policies"
urlpatterns = [
    path("charging-policy/", views.policies, name="list"),
    path("charging-policy/new/", views.new, name="new"),
    path("charging-policy/<int:number>/", views.policy, name="policy"),
    path("charging-policy/<int:number>/change/", views.change, name="change"),
    path("charging-policy/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("charging-policy/exemptions/", exemptions.exemptions, name="exemptions"),
    path("charging-policy/exemptions/add/", exemptions.add, name="add_exemption"),
    path("charging-policy/exemptions/<int:number>/correct/", exemptions.correct, name="correct_exemption"),
    path("charging-policy/closing-days/", closing.closing_days, name="closing_days"),
    path("charging-policy/closing-days/add/", closing.add, name="add_closing_day"),
    path("charging-policy/closing-days/<int:number>/take-out/", closing.take_out, name="take_out_closing_day"),
]
