"""What the programme refuses, each with the sentence that the person reads."""


class ProgrammeRefused(Exception):
    """Nothing was changed."""


class NotADraft(ProgrammeRefused):
    """It is published, cancelled or abandoned already."""


class HasADate(ProgrammeRefused):
    """There is something to book, and so nothing to wait for."""


class NoSessions(ProgrammeRefused):
    """Without a session it has no date."""


class NobodyJoins(ProgrammeRefused):
    """The event is off or over."""


class CannotChange(ProgrammeRefused):
    """The event is off or over, or what would change of it has begun."""


class Impossible(ProgrammeRefused):
    """What is asked for cannot be so: no session, an end before the start, a last day before the first."""


class Clashes(ProgrammeRefused):
    """A room or a trainer is elsewhere at that time, and no reason was given why both may be."""


class NameTaken(ProgrammeRefused):
    """There is one of that name already."""


class CannotAsk(ProgrammeRefused):
    """The trainer is not on the event, was asked already, or has no address."""


class Answered(ProgrammeRefused):
    """Somebody has answered it, or it is not asked any more."""
