"""The app of courses, events and venues."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        """Tell the outbox what messages about courses say, and what to do every hour."""
        from outbox import jobs, schedule
        from training import notices, personal, tasks  # models can be imported only now

        notices.register()
        personal.parts()
        for name, work in ((tasks.TELL, tasks.tell), (tasks.REMIND, tasks.remind)):
            jobs.register(name, work)
            schedule.register(name, schedule.EveryMinutes(60))
