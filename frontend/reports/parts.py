"""What of the utilisation report a person sees and may open (roles.md, column report)."""

from dataclasses import dataclass

from people.models import Agency, Person
from reporting import permissions
from reporting.definitions import FIGURES, CutKind
from reporting.rows import Scope

WHO = "A coordinator or a member of the L&D sub-group"


@dataclass(frozen=True, slots=True)
class Parts:
    """The whole, the money, the bookings with names, the charges; or what concerns the agencies that they lead."""

    whole: bool
    money: bool
    names: bool
    charges: bool
    # References of the agencies that the person is the lead of.
    led_agencies: frozenset[str]

    @classmethod
    def of(cls, person: Person) -> "Parts":
        led = Agency.objects.filter(pk__in=person.led_agencies) if person.led_agencies else Agency.objects.none()
        return cls(
            whole=permissions.may_see_report(person),
            money=permissions.may_see_money(person),
            names=permissions.may_open_bookings(person),
            charges=permissions.may_open_charges(person),
            led_agencies=frozenset(led.values_list("reference", flat=True)),
        )

    @property
    def any(self) -> bool:
        return self.whole or self.money or bool(self.led_agencies)

    def leads(self, scope: Scope) -> bool:
        return scope.kind is CutKind.AGENCY and scope.code in self.led_agencies

    def opens(self, figure: str, scope: Scope) -> bool:
        """Whether the figure of that cut opens for them; money opens to charges, which the sub-group sees as totals."""
        if FIGURES[figure].is_about_money:
            return self.charges or self.leads(scope)
        return self.whole or self.leads(scope)

    def sees_names(self, scope: Scope) -> bool:
        return self.names or self.leads(scope)
