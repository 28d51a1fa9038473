"""Settings of the processes that are killed: the real ones, in a folder of the test's, and with a quick clock."""

import os
from pathlib import Path

from config.settings import *
from config.settings import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS, MIDDLEWARE

FOLDER = Path(os.environ["FAULTS_FOLDER"])
ROOT_URLCONF = "tests.faults.desk"
# Who gives this desk its work does not sign in.
MIDDLEWARE = [name for name in MIDDLEWARE if name != "frontend.middleware.SignInMiddleware"]

CELERY_BROKER_URL = "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS |= {
    "data_folder_in": FOLDER / "broker" / "messages",
    "data_folder_out": FOLDER / "broker" / "messages",
    "control_folder": FOLDER / "broker" / "control",
}
CELERY_IMPORTS = ["tests.faults.desk"]
CELERY_BEAT_SCHEDULE_FILENAME = str(FOLDER / "beat" / "schedule")
# What is a minute in a real desk.
CELERY_BEAT_SCHEDULE = {
    name: entry | {"schedule": 1, "options": {"expires": 5}} for name, entry in CELERY_BEAT_SCHEDULE.items()
}
EMAIL_TIMEOUT = 60
