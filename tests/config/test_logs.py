"""What a line of the log holds, and what it leaves out."""

import io
import json
import logging

import pytest
import structlog

from config import logs


@pytest.fixture
def lines():
    """Logs through the production's handler: what it printed, line by line."""
    printed = io.StringIO()
    handler = logging.StreamHandler(printed)
    handler.setFormatter(logs.formatter(as_json=True))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in printed.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_line_of_ours_says_what_when_and_where(lines):
    logging.getLogger("outbox.jobs").warning("Job %s cannot be done.", "raise:2018-19")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"level": "warning", "logger": "outbox.jobs", "event": "Job raise:2018-19 cannot be done."}


def test_of_other_packages_only_the_template_is_kept(lines):
    logging.getLogger("celery.worker").warning("Task of %s", "Ann Canary")
    logging.getLogger("allauth").warning("Ann Canary signed in")
    assert [line["event"] for line in lines()] == ["Task of %s", logs.UNSAID]
    assert "Canary" not in json.dumps(lines())


def test_an_error_is_told_by_class_and_place_without_its_text(lines):
    def fail():
        raise ValueError("Ann Canary")

    try:
        fail()
    except ValueError:
        logging.getLogger("frontend.accounts").exception("mail %s not sent", "login_code")
    (line,) = lines()
    assert (line["event"], line["error"]) == ("mail login_code not sent", "ValueError")
    assert line["at"][-1].startswith("tests/config/test_logs.py:")
    assert line["at"][-1].endswith(" fail")
    assert "Canary" not in json.dumps(line)


def test_fields_that_nobody_said_are_safe_are_dropped(lines):
    with structlog.contextvars.bound_contextvars(request_id="abc", job="raise:1", name="Ann Canary"):
        logging.getLogger("frontend").warning("answered", extra={"status": 403, "email": "ann.canary@example.org"})
    (line,) = lines()
    assert {key: line[key] for key in ("request_id", "job", "status")} == {
        "request_id": "abc", "job": "raise:1", "status": 403,
    }  # fmt: skip
    assert "anary" not in json.dumps(line)


def test_a_line_stays_one_line_whatever_is_in_it(lines):
    logging.getLogger("outbox").warning("Key %s", 'one\n{"level": "forged"}\u2028two')
    assert len(lines()) == 1


def test_in_a_terminal_the_same_is_readable():
    record = logging.makeLogRecord(
        {"name": "outbox.jobs", "levelname": "WARNING", "msg": "Job %s cannot be done.", "args": ("raise:1",)}
    )
    said = logs.formatter(as_json=False).format(record)
    assert "Job raise:1 cannot be done." in said
    assert not said.startswith("{")


def test_django_mails_nobody_what_was_posted():
    settings = logs.settings(production=True, level="INFO")
    assert settings["loggers"]["django"]["handlers"] == []
    assert list(settings["handlers"]) == ["stderr"]
