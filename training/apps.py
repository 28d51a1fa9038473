"""The app of courses, events and venues."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        """Tell the outbox what messages about courses say, and what to do every hour."""
        from outbox import jobs, schedule
        from training import notices, tasks  # models can be imported only now

        notices.register()
        jobs.register(tasks.TELL, tasks.tell)
        schedule.register(tasks.TELL, schedule.EveryMinutes(60))
