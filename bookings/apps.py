"""The app of bookings and registers."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        """Tell the outbox what messages about bookings say."""
        from bookings import notices  # models can be imported only now

        notices.register()
