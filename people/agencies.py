"""Agencies: finding them by any of their names, adding and correcting them, and who pays for them."""

import logging
from collections.abc import Iterable

from django.db import transaction

from people.models import Agency, AgencyName, Person
from people.names import match_key

log = logging.getLogger(__name__)


class AgencyRefused(Exception):
    """Nothing about the agency was changed; the words are for whoever asked."""


class NameTaken(AgencyRefused):
    """Another agency is known by the name."""


class NotAName(AgencyRefused):
    """A name has letters or digits."""


class OwnName(AgencyRefused):
    """The agency's own name and short name are changed with the agency."""


class PayerWithoutAddress(AgencyRefused):
    """An invoice goes to an address."""


def find(name: str) -> Agency | None:
    """The agency known by this name, whatever its case, accents and punctuation."""
    known = AgencyName.objects.select_related("agency").filter(key=match_key(name)).first()
    return known.agency if known else None


@transaction.atomic
def save_names(*, agency: Agency, also_known_as: Iterable[str] = ()) -> None:
    """Have the agency known by its name, its short name and these others, and by no more. Raises NameTaken."""
    # Of two spellings of one name the first counts, and the agency's own comes before the others.
    names: dict[str, str] = {}
    for name in (agency.name, agency.short_name, *also_known_as):
        names.setdefault(match_key(name), name.strip())
    names.pop("", None)
    known = {row.key: row for row in AgencyName.objects.select_related("agency").filter(key__in=names)}
    for row in known.values():
        if row.agency != agency:
            raise NameTaken(f"{row.agency} already is known by that name: {row.name}.")
        row.name = names[row.key]
    agency.names.exclude(key__in=names).delete()
    AgencyName.objects.bulk_update(known.values(), ["name"])
    AgencyName.objects.bulk_create(
        AgencyName(agency=agency, name=name, key=key) for key, name in names.items() if key not in known
    )


@transaction.atomic
def add(*, name: str, type: str, by: Person, short_name: str = "", is_statutory_partner: bool = False) -> Agency:
    """A new agency, that pays for itself once it has an address for invoices. Raises AgencyRefused."""
    name = _tidy(name)
    _refuse_name(name, None)
    agency = Agency.objects.create(
        name=name, short_name=_tidy(short_name), type=type, is_statutory_partner=is_statutory_partner
    )
    save_names(agency=agency)
    log.info("Agency %s was added by %s.", agency.reference, by.reference)
    return agency


@transaction.atomic
def correct(*, agency: Agency, name: str, short_name: str, type: str, is_statutory_partner: bool, by: Person) -> Agency:
    """Change what the agency is called and what it is; under its former names it is found too. Raises AgencyRefused."""
    agency = _lock(agency)
    name = _tidy(name)
    _refuse_name(name, agency)
    former = [agency.name, agency.short_name, *agency.names.values_list("name", flat=True)]
    agency.name, agency.short_name, agency.type = name, _tidy(short_name), type
    agency.is_statutory_partner = is_statutory_partner
    agency.save(update_fields=["name", "short_name", "type", "is_statutory_partner"])
    save_names(agency=agency, also_known_as=former)
    log.info("Agency %s was corrected by %s.", agency.reference, by.reference)
    return agency


@transaction.atomic
def set_billing(
    *,
    agency: Agency,
    payer: Agency | None,
    invoice_email: str,
    needs_purchase_order: bool,
    purchase_order: str,
    by: Person,
) -> Agency:
    """Say who pays the agency's charges from now on, and where its own invoices go; issued invoices stay as they are.

    Raises PayerWithoutAddress where an agency is to pay for itself and nobody knows where to send its invoices.
    """
    agency = _lock(agency)
    invoice_email = invoice_email.strip().lower()
    if payer == agency and not invoice_email:
        raise PayerWithoutAddress(f"Say to which address invoices to {agency} are sent, as it pays for itself.")
    agency.payer, agency.invoice_email = payer, invoice_email
    agency.needs_purchase_order, agency.purchase_order = needs_purchase_order, purchase_order.strip()
    agency.save(update_fields=["payer", "invoice_email", "needs_purchase_order", "purchase_order"])
    log.info("Payer and billing of agency %s were changed by %s.", agency.reference, by.reference)
    return agency


@transaction.atomic
def add_name(*, agency: Agency, name: str, by: Person) -> AgencyName:
    """Have the agency known by this name too, on forms and in workbooks; again it is the same. Raises AgencyRefused."""
    agency, name = _lock(agency), _tidy(name)
    _refuse_name(name, agency)
    row, is_new = agency.names.get_or_create(key=match_key(name), defaults={"name": name})
    if is_new:
        log.info("A name of agency %s was added by %s.", agency.reference, by.reference)
    return row


@transaction.atomic
def remove_name(*, name: AgencyName, by: Person) -> None:
    """Have the agency known by this name no more: then another may be. Raises OwnName."""
    agency = _lock(name.agency)
    if name.key in (match_key(agency.name), match_key(agency.short_name)):
        raise OwnName(f"{name} is the agency’s own name. Change it with the agency’s other details.")
    agency.names.filter(pk=name.pk).delete()
    log.info("A name of agency %s was removed by %s.", agency.reference, by.reference)


def _lock(agency: Agency) -> Agency:
    return Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _refuse_name(name: str, agency: Agency | None) -> None:
    """Raise where the name is none, or another agency's: in whatever case and punctuation, or as its own name."""
    if not match_key(name):
        raise NotAName("Enter a name with letters or digits in it.")
    known = find(name) or Agency.objects.filter(name=name).first()
    if known is not None and known != agency:
        raise NameTaken(f"{known} already is known by that name.")


def _tidy(name: str) -> str:
    return " ".join(name.split())
