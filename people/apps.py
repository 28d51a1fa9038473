"""The app of agencies, persons, accounts and roles."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        """Tell the outbox what messages about accounts say."""
        from people import notices  # models can be imported only now

        notices.register()
