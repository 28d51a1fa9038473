"""abuse-and-faults.md, Input: what is too large, while it arrives and before."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.urls import reverse

from frontend import receiving
from programme import archive
from programme.models import Import

pytestmark = pytest.mark.django_db
UPLOAD = reverse("imports:upload")


@pytest.fixture
def coordinator(sign_in, own_files):
    return sign_in("coordinator")


@pytest.fixture
def small_limit(monkeypatch):
    monkeypatch.setattr(receiving, "MOST", 100_000)
    monkeypatch.setattr(receiving, "MOST_READ", 400_000)
    monkeypatch.setattr(archive, "LARGEST_FILE", 100_000)


@pytest.fixture
def written(monkeypatch):
    """How many bytes of uploads are kept."""
    sizes = []
    real = TemporaryFileUploadHandler.receive_data_chunk

    def count(self, raw_data, start):
        sizes.append(len(raw_data))
        return real(self, raw_data, start)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", count)
    return sizes


def test_a_file_over_the_limit_is_not_kept_while_it_arrives(client, coordinator, small_limit, written):
    large = SimpleUploadedFile("year.xlsx", b"PK\x03\x04" + b"x" * 300_000)
    answer = client.post(UPLOAD, {"workbook": large})
    assert "MB is the most. Take out pictures" in answer.content.decode()
    assert 0 < sum(written) <= 100_000
    assert not Import.objects.exists()


def test_several_files_of_one_request_share_the_limit(client, coordinator, small_limit, written):
    files = {name: SimpleUploadedFile("a.xlsx", b"x" * 90_000) for name in ("workbook", "b", "c")}
    client.post(UPLOAD, files)
    assert 0 < sum(written) <= 100_000
    assert not Import.objects.exists()


@pytest.fixture
def sent_large(client, small_limit):
    """Sends a large body to the address: the answer, after a look that nothing of the body was read."""

    def one(address):
        body = BytesIO(b"x" * 5_000_000)
        answer = client.generic(
            "POST",
            address,
            b"",
            content_type="multipart/form-data; boundary=b",
            **{"wsgi.input": body, "CONTENT_LENGTH": "5000000"},
        )
        assert body.tell() == 0
        return answer

    return one


def test_what_is_larger_than_would_be_read_is_refused_in_words_before_it_is_read(sent_large, coordinator, written):
    answer = sent_large(UPLOAD)
    assert answer.status_code == 413, "with 200 browsers would show nothing of it"
    assert "That file is too large" in answer.content.decode()
    assert written == []
    assert not Import.objects.exists()


def test_a_visitor_is_told_the_same_and_a_program_by_a_problem(sent_large, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "That file is too large" in sent_large("/accounts/login/").content.decode()
        problem = sent_large("/api/v1/bookings")
    assert (problem.status_code, problem["Content-Type"]) == (413, "application/problem+json")
    assert "larger than any that is read here" in problem.json()["detail"]


@pytest.mark.parametrize("declared", ["", "-5000000", "5e9", "many"])
def test_a_length_that_is_none_counts_as_an_empty_body(client, coordinator, declared, written):
    body = BytesIO(b"x" * 5_000)
    form = {"content_type": "multipart/form-data; boundary=b", "wsgi.input": body, "CONTENT_LENGTH": declared}
    assert client.generic("POST", UPLOAD, b"", **form).status_code < 500
    assert (body.tell(), written) == (0, [])


def test_more_files_than_any_page_asks_for_are_refused(client, coordinator):
    files = {f"f{number}": SimpleUploadedFile("a.xlsx", b"x") for number in range(6)}
    assert client.post(UPLOAD, files).status_code == 400
    assert not Import.objects.exists()
