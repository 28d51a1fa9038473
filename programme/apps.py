from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "programme"

    def ready(self) -> None:
        from outbox import jobs, schedule
        from programme import personal, tasks

        personal.parts()
        jobs.register(tasks.CHECK, tasks.check_workbook)
        jobs.register(tasks.WRITE, tasks.write_workbook)
        jobs.register(tasks.SWEEP, tasks.sweep_imports)
        schedule.register(tasks.SWEEP, schedule.Daily(hour=3, minute=15))
