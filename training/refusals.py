"""What the programme refuses, each with the sentence that the person reads."""


class ProgrammeRefused(Exception):
    """Nothing about the event was changed."""


class NotADraft(ProgrammeRefused):
    """It is published, cancelled or abandoned already."""


class NoSessions(ProgrammeRefused):
    """Without a session it has no date."""


class NobodyJoins(ProgrammeRefused):
    """The event is off or over."""
