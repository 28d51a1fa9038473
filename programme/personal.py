"""What imports tell a person about themselves."""

from people import merges
from people.privacy import Part, register
from programme.models import Import


def parts() -> None:
    register(
        Part(
            "Workbooks imported",
            Import,
            lambda person: Import.objects.filter(uploaded_by=person).order_by("uploaded_at", "pk"),
            {"Import": "reference", "File": "file_name", "Uploaded": "uploaded_at", "State": "get_state_display"},
            {
                "uploaded_by": "who they are",
                "accepted_by": "may be somebody else",
                "discarded_by": "may be somebody else",
            },
        )
    )
    merges.stays("programme.Import.uploaded_by", "programme.Import.accepted_by", "programme.Import.discarded_by")
