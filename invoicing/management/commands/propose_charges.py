"""Propose a charge for each booking that owes one."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Sum

from invoicing import charges, dues, money
from invoicing.models import Charge


class Command(BaseCommand):
    help = "Propose a charge for each booking that its policy charges and no charge covers yet. Safe to run twice."

    def handle(self, **options: Any) -> None:
        changed = charges.propose()
        print(f"{dues.count(changed, 'charge')} proposed or corrected." if changed else "Nothing to propose.")
        totals = Charge.objects.order_by("state").values("state").annotate(number=Count("pk"), net=Sum("net_amount"))
        for total in totals:
            state = Charge.State(total["state"]).label.lower()
            print(f"  {state}: {total['number']:,} ({money.pounds(total['net'])})")
