from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Nothing of REST framework is imported from here: the addresses bring it, and not every command needs them."""

    name = "api"

    def ready(self) -> None:
        """Say what is kept about people."""
        from api import personal  # models can be imported only now

        personal.parts()
