"""The Celery application: it carries wake-ups and the clock; the work itself waits in the database."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("turnout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def leave_logging_alone(**options: object) -> None:
    """Celery would add a handler of its own, which prints what ours leaves out."""
