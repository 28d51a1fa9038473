"""The app of bookings and registers."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        """Tell the outbox what messages say and what is done in the background, and people what is kept about them."""
        from bookings import agency_changes, naming, notices, personal, tasks  # models can be imported only now

        notices.register()
        naming.register()
        agency_changes.register()
        tasks.register()
        personal.parts()
