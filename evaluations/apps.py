from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"

    def ready(self) -> None:
        """Tell the outbox what messages say, and what to do every hour."""
        from evaluations import notices, tasks  # models can be imported only now
        from outbox import jobs, schedule

        notices.register()
        jobs.register(tasks.ASK, tasks.ask)
        schedule.register(tasks.ASK, schedule.EveryMinutes(60))
