"""The app of pages."""

from django.apps import AppConfig
from django.contrib.auth import user_logged_in


class FrontendConfig(AppConfig):
    name = "frontend"

    def ready(self) -> None:
        from frontend import sessions  # models can be imported only now
        from frontend.exports import background
        from outbox import jobs, schedule

        # Django's own and not one of ours: every way of signing in, those of its tests too, comes through it.
        user_logged_in.connect(sessions.begin, dispatch_uid="frontend.sessions.begin")
        jobs.register(background.MAKE, background.make)
        jobs.register(background.DELETE_OLD, background.delete_old)
        schedule.register(background.DELETE_OLD, schedule.Daily(hour=3))
