"""What the outbox's tests share: a template, a mail server, and child processes on the test's own database."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from outbox import jobs, schedule, templates
from outbox.models import Job, Message
from tests.outbox.mail_server import MailServer


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Iterator[Callable[..., None]]:
    """Writes and registers a template: template(text="Subject\\n\\nBody", facts=lambda reference: {})."""
    (tmp_path / "messages").mkdir()
    monkeypatch.setattr(templates, "get_app_template_dirs", lambda folder: [tmp_path])
    templates.original.cache_clear()

    def write(*, name: str = "trial", text: str = "Trial\n\nAbout $about.\n", facts=None) -> None:
        (tmp_path / "messages" / f"{name}.txt").write_text(text)
        monkeypatch.setitem(templates._facts, name, facts or (lambda reference: {"about": reference}))

    write()
    yield write
    templates.original.cache_clear()


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Registers a job kind: kind(run, name="trial")."""

    def register(run, name: str = "trial") -> None:
        monkeypatch.setitem(jobs._kinds, name, run)

    register(lambda job, progress: {})
    return register


@pytest.fixture(autouse=True)
def no_periodic_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the apps are not what these tests are about."""
    monkeypatch.setattr(schedule, "_periods", {})


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 20
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield server


@pytest.fixture
def child(mail_server: MailServer, tmp_path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `python -m …` on this test's database, mail server and broker folder; none outlives the test."""
    database = connection.settings_dict
    account = quote(database["USER"]) + (f":{quote(database['PASSWORD'])}" if database["PASSWORD"] else "")
    address = f"postgresql://{account}@/{database['NAME']}?host={quote(str(database['HOST']), safe='')}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.outbox.child_settings",
        "DATABASE_URL": address + (f"&port={database['PORT']}" if database["PORT"] else ""),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "BROKER_FOLDER": str(tmp_path / "broker"),
    }
    children = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        children.append(
            subprocess.Popen(
                [sys.executable, "-m", *arguments],
                env=environment,
                cwd=django_settings.BASE_DIR,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return children[-1]

    yield start
    for process in children:
        process.kill()
        process.communicate()


@pytest.fixture
def time_passes() -> Callable[[], None]:
    """What is waiting is due now, and what a worker had in hand is up for others."""

    def pass_time() -> None:
        long_ago = timezone.now() - timedelta(seconds=1)
        for model in (Message, Job):
            waiting = model.objects.filter(state="waiting")
            waiting.update(due_at=long_ago)
            waiting.exclude(claimed_until=None).update(claimed_until=long_ago)

    return pass_time
