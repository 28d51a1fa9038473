"""What people's own records tell a person about themselves."""

from typing import Any, cast

from django.db.models import Count, Q, QuerySet

from outbox.models import Heartbeat, Job, TemplateText
from people import merges
from people.models import (
    Account,
    Agency,
    AgencyName,
    Apart,
    Export,
    ExportFile,
    Invitation,
    Joining,
    Merge,
    Partnership,
    Person,
    RoleGrant,
    StaffGroup,
)
from people.privacy import Part, register, tells_nothing

History = cast(Any, Person).history.rel.related_model
THEMSELVES = "who they are"


def parts() -> None:
    register(
        Part(
            "You",
            Person,
            lambda person: Person.objects.filter(pk=person.pk).select_related("agency", "staff_group"),
            {
                "Reference": "reference",
                "Name": "name",
                "Email address": "email",
                "Agency": "agency.name",
                "Staff group": "staff_group.name",
                "Line manager": lambda person: "Recorded" if person.line_manager_id else "Not recorded",
                "Left on": "left_on",
                "Kept off printed lists": "is_off_lists",
            },
            {
                "sort_name": "made from the name",
                "line_manager": "somebody else; whether there is one is told",
                "account": "told as the sign-in",
                "merged_into": "what was merged is told with it",
            },
        ),
        Part(
            "Agencies before",
            History,
            lambda person: History.objects.filter(pgh_obj_id=person.pk).select_related("agency").order_by("pgh_id"),
            {"Agency": "agency.name", "Changed": "pgh_created_at"},
        ),
        Part(
            "Sign-in",
            Account,
            _accounts,
            {"Email address": "email", "Made": "created_at", "Last signed in": "last_login"},
        ),
        Part(
            "How you joined",
            Joining,
            lambda person: Joining.objects.filter(person=person).select_related("agency", "staff_group").order_by("pk"),
            {
                "Asked": "asked_at",
                "Name given": "name",
                "Agency": lambda joining: joining.agency.name if joining.agency else joining.agency_name,
                "Staff group": "staff_group.name",
                "Decided": "decided_at",
            },
            {
                "account": "told as the sign-in",
                "person": THEMSELVES,
                "line_manager_email": "somebody else's",
                "decided_by": "somebody else",
                "reason": "only who was declined has one",
            },
        ),
        Part(
            "Invitations",
            Invitation,
            lambda person: Invitation.objects.filter(person=person).select_related("agency").order_by("pk"),
            {
                "Agency": "agency.name",
                "Name given": "name",
                "Sent to": "email",
                "Invited": "invited_at",
                "Accepted": "accepted_at",
            },
            {"person": THEMSELVES, "invited_by": "somebody else", "withdrawn_by": "somebody else"},
        ),
        Part(
            "Roles",
            RoleGrant,
            lambda person: RoleGrant.objects.filter(person=person).select_related("agency").order_by("starts_on", "pk"),
            {"Role": "get_role_display", "Agency": "agency.name", "First day": "starts_on", "Last day": "ends_on"},
            {"person": THEMSELVES, "given_by": "somebody else"},
        ),
        Part(
            "Lists taken out",
            Export,
            lambda person: Export.objects.filter(by=person).order_by("at", "pk"),
            {"When": "at", "List": "what", "Format": "get_file_format_display", "Rows": "rows", "Address": "asked"},
            {"by": THEMSELVES},
        ),
        Part(
            "Files asked for",
            ExportFile,
            lambda person: ExportFile.objects.filter(by=person).order_by("asked_at", "pk"),
            {"When": "asked_at", "List": "what", "Rows": "rows", "Made": "made_at"},
            {"by": THEMSELVES, "name": "where the file lies"},
        ),
        Part(
            "Background work",
            Job,
            lambda person: Job.objects.filter(asked_by=person.reference).order_by("created_at", "pk"),
            {"Asked for": "created_at", "Work": "kind", "State": "get_state_display"},
        ),
    )
    tells_nothing("ids of records, for whoever keeps them", Merge, Apart)
    tells_nothing("names and addresses of organisations", Agency, AgencyName, Partnership)
    tells_nothing("names of kinds of things", StaffGroup, Heartbeat)
    tells_nothing("what messages say was written for the partnership", TemplateText)
    merges.moves("people.RoleGrant.person", "role")
    # Nobody gives a role to themselves: not by way of a second record either.
    merges.stays_behind("people.RoleGrant.person", lambda kept: Q(given_by=kept))
    merges.moves("people.Person.line_manager", "person managed")
    merges.moves("people.Person.merged_into", "record merged before")
    merges.moves("people.Joining.person", "request to join")
    merges.moves("people.Invitation.person", "invitation")
    merges.moves("people.ExportFile.by", "file asked for")
    merges.stays("people.RoleGrant.given_by", "people.Joining.decided_by", "people.Export.by")
    merges.stays("people.Invitation.invited_by", "people.Invitation.withdrawn_by")
    merges.stays("people.Merge.kept", "people.Merge.gone", "people.Merge.by", "people.Merge.undone_by")
    merges.stays("people.Apart.first", "people.Apart.second", "people.Apart.by")


def _accounts(person: Person) -> QuerySet[Account]:
    """The person's account, unless others share it: when it was signed in to may be about them."""
    return Account.objects.annotate(holders=Count("persons")).filter(persons=person, holders=1)
