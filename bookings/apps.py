"""The app of bookings and registers."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        """Tell the outbox what messages about bookings say, and what of theirs is done in the background."""
        from bookings import agency_changes, notices, tasks  # models can be imported only now

        notices.register()
        agency_changes.register()
        tasks.register()
