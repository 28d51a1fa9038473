"""Settings of the processes that the outbox's tests start: the real broker, in a folder of the test's."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403  # all of the settings, with what follows put over them
from config.settings import CELERY_BROKER_TRANSPORT_OPTIONS

CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS |= {
    "data_folder_in": Path(os.environ["BROKER_FOLDER"]) / "messages",
    "data_folder_out": Path(os.environ["BROKER_FOLDER"]) / "messages",
    "control_folder": Path(os.environ["BROKER_FOLDER"]) / "control",
}
CELERY_IMPORTS = ["tests.outbox.child"]
EMAIL_TIMEOUT = 20
