"""The app of courses, events and venues."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        """Tell the outbox what messages about courses say, and what to do by the clock."""
        from outbox import jobs, schedule
        from training import notices, personal, tasks  # models can be imported only now

        notices.register()
        personal.parts()
        for name, work, minutes in (
            (tasks.TELL, tasks.tell, 60),
            (tasks.REMIND, tasks.remind, 60),
            (tasks.TELL_TRAINERS, tasks.tell_trainers, 5),
        ):
            jobs.register(name, work)
            schedule.register(name, schedule.EveryMinutes(minutes))
