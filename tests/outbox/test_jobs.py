import signal
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from outbox import claims, jobs, progress
from outbox.models import Job
from tests.factories import JobFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


def start(key="trial:1", **changes):
    return jobs.start(**{"key": key, "kind": "trial", "arguments": {}} | changes)


def wait_until(is_so, seconds=30):
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        time.sleep(0.01)
    return is_so()


def test_a_job_is_done_with_its_result_and_progress(kind):
    def double(job, progress):
        progress.total(3)
        for _ in range(3):
            progress.step()
        progress.problem("Row 2 has no name.")
        return {"double": job.arguments["number"] * 2}

    kind(double)
    start(arguments={"number": 7}, asked_by="K7QX2M")
    jobs.run_waiting()
    job = Job.objects.get()
    assert (job.state, job.result, job.asked_by) == ("done", {"double": 14}, "K7QX2M")
    assert (job.done, job.total, job.problems) == (3, 3, ["Row 2 has no name."])


def test_a_job_started_again_is_the_first_one():
    assert start(arguments={"number": 1}) == start(arguments={"number": 2})
    assert Job.objects.get().arguments == {"number": 1}


def test_a_change_that_is_rolled_back_starts_no_job():
    with transaction.atomic():
        start()
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_kind_that_nobody_registered_is_a_mistake_told_at_once():
    with pytest.raises(LookupError, match="'mistyped'"):
        start(kind="mistyped")


def test_a_failing_job_is_tried_again_and_in_the_end_given_up_without_names(kind, time_passes, caplog):
    def fail(job, progress):
        progress.step(5)
        int(f"Ann {'canary'.title()}")

    kind(fail)
    start()
    for failures in range(1, Job.MOST_FAILURES):
        jobs.run_waiting()
        job = Job.objects.get()
        assert (job.state, job.failures, job.done) == ("waiting", failures, 5)
        time_passes()
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.last_error.startswith("ValueError in outbox/test_jobs.py, line ")
    assert "Canary" not in job.last_error + caplog.text


def test_a_failing_job_holds_up_no_other(kind):
    kind(lambda job, progress: 1 / 0, name="failing")
    start("trial:1", kind="failing")
    start("trial:2")
    jobs.run_waiting()
    assert dict(Job.objects.values_list("key", "state")) == {"trial:1": "waiting", "trial:2": "done"}


def test_a_job_that_cannot_be_done_is_given_up_at_once_in_its_own_words(kind):
    def refuse(job, progress):
        raise jobs.CannotBeDone("The workbook has no sheet Events.")

    kind(refuse)
    start()
    jobs.run_waiting()
    job = Job.objects.get()
    assert (job.state, job.last_error, job.attempts) == ("failed", "The workbook has no sheet Events.", 1)


def test_problems_beyond_the_first_hundreds_are_counted(monkeypatch, kind):
    monkeypatch.setattr(progress, "MOST_PROBLEMS", 2)
    kind(lambda job, progress: [progress.problem(f"Row {n}") for n in range(5)] and {})
    start()
    jobs.run_waiting()
    assert Job.objects.get().problems == ["Row 0", "Row 1", "And 3 more."]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_and_the_lease_prolonged_while_the_jobs_own_transaction_is_open(kind, monkeypatch):
    # Seen to fail with progress written by the job's own connection: nobody sees it before the job's commit.
    monkeypatch.setattr(progress, "LOOK", 0.01)
    monkeypatch.setattr(progress, "PROLONG", 0.01)
    seen = []

    def work(job, progress):
        leased = job.claimed_until
        with transaction.atomic():
            progress.total(10)
            progress.step(3)
            seen.append(wait_until(lambda: Job.objects.filter(done=3, total=10).exists()))
            seen.append(wait_until(lambda: Job.objects.get().claimed_until > leased + timedelta(milliseconds=50)))
        return {}

    kind(work)
    start()
    jobs.run_waiting()
    assert seen == [True, True]
    assert Job.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_job_that_another_worker_has_taken_over_stops_and_writes_nothing(kind, monkeypatch):
    monkeypatch.setattr(progress, "LOOK", 0.01)
    monkeypatch.setattr(progress, "PROLONG", 0.01)
    reached_the_end = []

    def slow(job, progress):
        Job.objects.update(attempts=job.attempts + 1)  # what a claim by another does
        wait_until(lambda: progress.step())  # step() is never true: it ends by ClaimLost or by time
        reached_the_end.append(job)

    kind(slow)
    start()
    jobs.run_waiting()
    assert reached_the_end == []
    job = Job.objects.get()
    assert (job.state, job.failures, job.result) == ("waiting", 0, {})


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_stuck_loses_its_lease(kind, monkeypatch):
    monkeypatch.setattr(progress, "LOOK", 0.01)
    monkeypatch.setattr(progress, "PROLONG", 0.01)
    monkeypatch.setattr(progress, "STUCK", 0.0)
    kind(lambda job, progress: wait_until(lambda: progress.step()) or {"reached": "the end"})
    start()
    jobs.run_waiting()
    assert Job.objects.get().result == {}


@pytest.mark.django_db(transaction=True)
def test_two_jobs_run_at_once_and_leave_the_other_threads_to_messages(kind):
    end, running = threading.Event(), threading.Semaphore(0)

    def wait(job, progress):
        running.release()
        end.wait(30)
        return {}

    def run_waiting():
        jobs.run_waiting()
        connection.close()

    kind(wait)
    JobFactory.create_batch(3)
    workers = [threading.Thread(target=run_waiting) for _ in range(2)]
    for worker in workers:
        worker.start()
    assert running.acquire(timeout=30)
    assert running.acquire(timeout=30)
    jobs.run_waiting()  # comes back at once
    assert Job.objects.filter(attempts=0).count() == 1
    end.set()
    for worker in workers:
        worker.join(30)
    assert Job.objects.filter(state="done").count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_job_killed_half_way_is_done_by_the_next_run(child, kind, time_passes):
    JobFactory(key="trial:1", kind="stops-half-way")
    worker = child("tests.outbox.child", "run")
    assert worker.stdout.readline() == "half way\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait(30)
    kind(lambda job, progress: {"attempt": job.attempts}, name="stops-half-way")
    jobs.run_waiting()
    assert Job.objects.get().state == "waiting", "it is the dead worker's until the lease runs out"
    with time_machine.travel(timezone.now() + progress.LEASE + timedelta(seconds=1)):
        jobs.run_waiting()
    job = Job.objects.get()
    assert (job.state, job.result, job.failures) == ("done", {"attempt": 2}, 1)


def test_a_job_no_longer_ours_at_the_end_is_left_to_whoever_has_it(kind):
    kind(lambda job, progress: Job.objects.update(attempts=2) and {"by": "the first"})
    JobFactory()
    (job,) = claims.claim(Job, most=1, lease=timedelta(minutes=1))
    jobs.run(job)
    assert Job.objects.values_list("state", "result").get() == ("waiting", {})


def test_a_job_for_later_waits_until_then(kind):
    ran = []
    kind(lambda job, progress: ran.append(job.key) or {})
    later = timezone.now() + timedelta(hours=1)
    job = jobs.start(key="trial:later", kind="trial", arguments={}, due_at=later)
    jobs.run_waiting()
    assert (ran, job.due_at) == ([], later)
    Job.objects.update(due_at=timezone.now())
    jobs.run_waiting()
    assert ran == ["trial:later"]
