from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        from outbox import jobs, schedule
        from reporting import personal, tasks  # models can be imported only now

        personal.parts()
        tasks.register()
        jobs.register(tasks.CHECK, tasks.check_truths)
        # After the night's other jobs, so that what they write is looked at too.
        schedule.register(tasks.CHECK, schedule.Daily(hour=4, minute=30))
