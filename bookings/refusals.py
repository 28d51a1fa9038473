"""What bookings refuse, each with the sentence that the person reads: what stands in the way and what to do."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bookings.models import Mark


class BookingRefused(Exception):
    """Nothing about the booking was changed."""


class NotOpen(BookingRefused):
    """The event is a draft, cancelled, or has no date yet."""


class HasBegun(BookingRefused):
    """It is too late for what was asked: the event has begun."""


class HasNotBegun(BookingRefused):
    """It is too early for what was asked: the day has not come."""


class HasLeft(BookingRefused):
    """The person works here no more."""


class NotEligible(BookingRefused):
    """The course is not for them, or asks for another one first, and lets nobody book without."""


class AlreadyBooked(BookingRefused):
    """The delegate has a live booking on the event."""


class AlreadyCancelled(BookingRefused):
    """Somebody else was first, or it was the second click."""


class TooLateToUndo(BookingRefused):
    """The minutes in which it could be brought back are over, or people have been told."""


class NotConfirmed(BookingRefused):
    """The booking holds no place: it waits or is cancelled."""


class NobodyWaits(BookingRefused):
    """There is no one on the waiting list, or the one chosen is not."""


class NoPlacesLeft(BookingRefused):
    """Every place is held."""


class WorkshopFull(BookingRefused):
    """Every place of a workshop is taken."""

    def __init__(self, message: str, full: list[int]) -> None:
        super().__init__(message)
        # The keys of those workshops.
        self.full = full


class NotOffered(BookingRefused):
    """A workshop is not one of the event, or at the same time as another one chosen."""


class WrongMoment(BookingRefused):
    """A cancellation cannot have been received then."""


class ReasonMissing(BookingRefused):
    """What was asked needs a reason that is kept."""


class OfferOver(BookingRefused):
    """The offer has been answered, has ended, or cannot be put off."""


class ApprovalOver(BookingRefused):
    """Somebody has decided, the request was withdrawn, or its time is over."""


class NobodyToAsk(BookingRefused):
    """Whoever was named cannot approve the booking."""


class TooLateToAsk(BookingRefused):
    """The event begins so soon that nobody can be asked to approve."""


class NeedChanged(BookingRefused):
    """What the delegate needs is not what it was."""


class NeedsApproval(BookingRefused):
    """Only who may approve the booking can make it in this way."""


class RemindedAlready(BookingRefused):
    """Once a day is enough."""


class NoDeputy(BookingRefused):
    """Whoever was named cannot be the deputy, or not on these days."""


class PlacesHeld(BookingRefused):
    """There are not as many free places, or more are held than would be left."""


class NotAnotherDate(BookingRefused):
    """A booking is moved to another event of the same course."""


class NobodyReached(BookingRefused):
    """None of those chosen has an address."""


class SentAlready(BookingRefused):
    """The page was sent before, with other words."""


class RegisterRefused(BookingRefused):
    """Nothing on the register was changed."""


class RegisterClosed(RegisterRefused):
    """A closed register is changed only after it is reopened."""


class RegisterNotOpenYet(RegisterRefused):
    """The day of the session, or the end of the event, has not come."""


class NotOnTheRegister(RegisterRefused):
    """The delegate holds no place on the event."""


class MarkedOtherwise(RegisterRefused):
    """Somebody else marked the delegate since the page was shown."""

    def __init__(self, message: str, found: "Mark") -> None:
        super().__init__(message)
        # What they marked.
        self.found = found


class NotReadyToClose(RegisterRefused):
    """A session is not handed in, or a delegate not marked."""


class NotAttended(BookingRefused):
    """A certificate is for who attended."""


class NobodyToWriteTo(BookingRefused):
    """There is nobody who could be written to."""


class NoAbsence(BookingRefused):
    """The delegate came, or cancelled in time: there is nothing to give a reason for."""


class ReasonChanged(BookingRefused):
    """Somebody else noted a reason since the page was shown."""


class PolicyRefused(Exception):
    """Nothing about the charging policy, its exemptions or the closing days was changed."""
