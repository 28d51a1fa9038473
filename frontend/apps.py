from django.apps import AppConfig


class FrontendConfig(AppConfig):
    name = "frontend"

    def ready(self) -> None:
        from frontend.exports import background
        from outbox import jobs, schedule

        jobs.register(background.MAKE, background.make)
        jobs.register(background.DELETE_OLD, background.delete_old)
        schedule.register(background.DELETE_OLD, schedule.Daily(hour=3))
