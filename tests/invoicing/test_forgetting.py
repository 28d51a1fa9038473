"""What was said as a reason goes half a year after its charge is decided; that it exempts stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import AbsenceReason
from invoicing import charges, dues, forgetting
from invoicing.models import Charge
from tests.factories import PersonFactory
from tests.invoicing import situations
from tests.invoicing.situations import absent, over

pytestmark = pytest.mark.django_db


def test_a_reason_goes_half_a_year_after_its_charge_is_decided_and_exempts_still():
    policy = situations.policy()
    exempt, other = (
        absent(over(), policy=policy, reason="Ill", exempt=True),
        absent(over(), policy=policy, reason="Car"),
    )
    lately = absent(over(timezone.localdate() - timedelta(days=30)), policy=policy, reason="Late")
    charges.propose()
    assert forgetting.forget_reasons() == 0, "one is to decide, and the other was decided now"
    charges.confirm(Charge.objects.filter(booking=other), by=PersonFactory())
    assert forgetting.forget_reasons() == 0, "it is not invoiced yet"
    Charge.objects.filter(booking=other).update(state="waived", waiver="discretion")
    Charge.objects.exclude(state="proposed").update(decided_at=timezone.now() - timedelta(days=190))
    assert (forgetting.forget_reasons(), forgetting.forget_reasons()) == (2, 0)
    assert dict(AbsenceReason.objects.values_list("booking", "reason")) == {
        exempt.pk: "",
        other.pk: "",
        lately.pk: "Late",
    }
    assert AbsenceReason.objects.get(booking=exempt).is_exempt
    assert not any(due.booking_id == exempt.pk and not due.is_exempt for due in dues.unsettled())
