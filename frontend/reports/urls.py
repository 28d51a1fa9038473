from django.urls import path

from frontend.reports import behind, published, publishing, views

app_name = "reports"
urlpatterns = [
    path("report/", views.latest, name="latest"),
    path("report/published/", published.published_list, name="published_list"),
    path("report/<str:year>/", views.utilisation, name="utilisation"),
    path("report/<str:year>/json/", views.download_json, name="json"),
    path("report/<str:year>/csv/", views.download_csv, name="csv"),
    path("report/<str:year>/xlsx/", views.download_xlsx, name="xlsx"),
    path("report/<str:year>/pdf/", views.download_pdf, name="pdf"),
    path("report/<str:year>/publish/", publishing.publish, name="publish"),
    path("report/<str:year>/published/<int:revision>/", published.published_one, name="published_one"),
    path("report/<str:year>/published/<int:revision>/xlsx/", published.download_xlsx, name="published_xlsx"),
    path("report/<str:year>/<str:figure>/", behind.rows, name="rows"),
    path("report/<str:year>/<str:figure>/download/", behind.download, name="rows_download"),
]
