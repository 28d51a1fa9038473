"""What the programme refuses, each with the sentence that the person reads."""


class ProgrammeRefused(Exception):
    """Nothing was changed."""


class NotADraft(ProgrammeRefused):
    """It is published, cancelled or abandoned already."""


class HasADate(ProgrammeRefused):
    """There is something to book, and so nothing to wait for."""


class NoSessions(ProgrammeRefused):
    """Without a session it has no date."""
