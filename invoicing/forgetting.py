"""Reasons for absence are forgotten once nobody has to decide by them any more; that they exempt stays."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from bookings.models import AbsenceReason
from invoicing.models import Charge

KEPT_FOR = timedelta(days=183)


def forget_reasons() -> int:
    """Empty what was said half a year after the event and after the charge was decided; returns how many.

    A second call finds nothing.
    """
    since = timezone.now() - KEPT_FOR
    lately = Q(state__in=Charge.OPEN) | Q(decided_at__gt=since)
    undecided = Charge.objects.filter(lately, booking=OuterRef("booking"))
    told = AbsenceReason.objects.exclude(reason="", told_how="")
    return told.filter(~Exists(undecided), booking__event__ends_at__lt=since).update(reason="", told_how="")
