from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        from outbox import jobs, kept, schedule, wordings  # models can be imported only now

        wordings.register()
        jobs.register(kept.FORGET, kept.run)
        schedule.register(kept.FORGET, schedule.Daily(hour=3, minute=45))
