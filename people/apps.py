"""The app of agencies, persons, accounts and roles."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        """Tell the outbox what messages about accounts say and what to do at night, and people what is kept of them."""
        from outbox import jobs, schedule
        from people import notices, personal, tasks  # models can be imported only now

        notices.register()
        personal.parts()
        jobs.register(tasks.FORGET, tasks.forget)
        schedule.register(tasks.FORGET, schedule.Daily(hour=3, minute=45))
