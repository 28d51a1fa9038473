"""What changes to persons refuse, each with the sentence that whoever asked reads."""


class PersonRefused(Exception):
    """Nothing about the person was changed."""


class NotAName(PersonRefused):
    """A name has letters."""


class AddressNeedsAnAdministrator(PersonRefused):
    """Whoever can change the address of somebody with a role could sign in as them."""


class AddressIsShared(PersonRefused):
    """Whoever else reads the mailbox would hold the staff role too (architecture.md)."""


class NobodyManagesThemselves(PersonRefused):
    """A line manager is somebody else."""


class HasLeft(PersonRefused):
    """It is for somebody who is here."""


class NotLeft(PersonRefused):
    """There is nothing to undo."""


class Oneself(PersonRefused):
    """It takes two persons."""


class WrongDay(PersonRefused):
    """Who is to leave later is still here."""


class ThereAlready(PersonRefused):
    """There is nothing to change."""


class NoAddress(PersonRefused):
    """There is nowhere to send it."""


class KnownAlready(PersonRefused):
    """Somebody of this name and address is in the list."""


class DecidedAlready(PersonRefused):
    """Somebody else was quicker, or it was taken back."""


class TooOften(PersonRefused):
    """More than anybody needs in a day."""


class MergedAlready(PersonRefused):
    """The record is part of another."""
