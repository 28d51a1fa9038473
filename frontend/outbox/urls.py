from django.urls import include, path

from frontend.outbox import held, jobs, messages, sending, wordings

message_addresses = (
    [
        path("", messages.sent_and_waiting, name="list"),
        path("download/", messages.download, name="download"),
        path("undeliverable/", messages.undeliverable, name="undeliverable"),
        path("send-failed/", sending.send_failed, name="send_failed"),
        path("send-again/", sending.send_several, name="send_several"),
        path("held/", held.found, name="held"),
        path("held/send/", held.send, name="send_held"),
        path("held/throw-away/", held.throw_away, name="throw_away_held"),
        path("templates/", wordings.templates_list, name="templates"),
        path("templates/<str:name>/", wordings.template, name="template"),
        path("templates/<str:name>/edit/", wordings.edit, name="edit_template"),
        path("templates/<str:name>/original/", wordings.back_to_original, name="original_template"),
        path("<uuid:key>/", messages.message, name="message"),
        path("<uuid:key>/send-again/", sending.send_again, name="send_again"),
        path("<uuid:key>/stop/", sending.stop, name="stop"),
    ],
    "messages",
)
job_addresses = (
    [
        path("", jobs.work, name="list"),
        path("download/", jobs.download, name="download"),
        path("<uuid:key>/", jobs.job, name="job"),
        path("<uuid:key>/try-again/", jobs.try_again, name="try_again"),
    ],
    "jobs",
)

urlpatterns = [
    path("messages/", include(message_addresses)),
    path("background-work/", include(job_addresses)),
]
