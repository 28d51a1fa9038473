"""The app of agencies, persons, accounts and roles."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        """Tell the outbox what messages about accounts say, and people what is kept about them."""
        from people import notices, personal  # models can be imported only now

        notices.register()
        personal.parts()
