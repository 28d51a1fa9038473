"""Agencies, persons, accounts and roles."""

from people.models.account import Account
from people.models.agency import Agency, AgencyName
from people.models.export import Export, ExportFile
from people.models.joining import AgencyDomain, Invitation, Joining
from people.models.merge import Apart, Merge
from people.models.partnership import Partnership
from people.models.person import Person, Role, RoleGrant, StaffGroup

__all__ = [
    "Account",
    "Agency",
    "AgencyDomain",
    "AgencyName",
    "Apart",
    "Export",
    "ExportFile",
    "Invitation",
    "Joining",
    "Merge",
    "Partnership",
    "Person",
    "Role",
    "RoleGrant",
    "StaffGroup",
]
