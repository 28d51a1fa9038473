"""The app of bookings and registers."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        """Tell the outbox what messages say and what is done in the background, and people what is kept about them."""
        # Models can be imported only now.
        from bookings import (
            agency_changes,
            approval_notices,
            leaver_notices,
            make_up_notices,
            naming,
            notices,
            personal,
            tasks,
        )

        notices.register()
        approval_notices.register()
        leaver_notices.register()
        make_up_notices.register()
        naming.register()
        agency_changes.register()
        tasks.register()
        personal.parts()
