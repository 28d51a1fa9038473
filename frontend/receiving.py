"""Stops an upload from growing while it arrives: no request fills the disk, whatever its headers say."""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse

from frontend import errors
from programme import archive

# Bytes of all files of one request together; more is not kept. It is read to its end all the same, so that the page can
# say so in place; but what is larger than the second number is refused without reading any of it.
MOST = archive.LARGEST_FILE
MOST_READ = 4 * MOST

if TYPE_CHECKING:
    File = UploadedFile[Any]
else:
    File = UploadedFile


class CutOff(File):
    """In place of a file that was too large: nothing of it but its name and size."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(file=BytesIO(), name=name, size=size)


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Counts, and keeps what is within the limit in a file of its own (settings.FILE_UPLOAD_HANDLERS)."""

    file: TemporaryUploadedFile

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received <= MOST:
            super().receive_data_chunk(raw_data, start)
        return None

    def file_complete(self, file_size: int) -> File | None:
        if self.received <= MOST:
            return super().file_complete(file_size)
        self.file.close()
        return CutOff(self.file_name or "", file_size)


class TooLargeMiddleware:
    """Refuses, in words and before any of it is read, what is larger than that.

    Its own Content-Length says so. A body that declares none counts as empty: Django reads no further than is declared.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or ""
        if declared.isdigit() and int(declared) > MOST_READ:
            return errors.too_large(request, most=MOST)
        return self.get_response(request)
