"""Agencies, persons, accounts and roles."""

from people.models.account import Account
from people.models.agency import Agency, AgencyName
from people.models.export import Export, ExportFile
from people.models.joining import AgencyDomain, Invitation, Joining
from people.models.partnership import Partnership
from people.models.person import Person, Role, RoleGrant, StaffGroup

__all__ = [
    "Account",
    "Agency",
    "AgencyDomain",
    "AgencyName",
    "Export",
    "ExportFile",
    "Invitation",
    "Joining",
    "Partnership",
    "Person",
    "Role",
    "RoleGrant",
    "StaffGroup",
]
