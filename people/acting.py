"""Who is signed in, read in one statement: the account, the persons who may act under it, their agencies and roles.

Each request pays for it, so it is written out: the ORM takes three statements and three times as long to say the same.
"""

from functools import cache

from django.db import connection, models
from django.utils import timezone

from people.models import Account, Agency, Person

STATEMENT = """
select {columns},
  exists (
    select from mfa_authenticator factor where factor.user_id = account.id and factor.type in ('totp', 'webauthn')
  ),
  coalesce((
    select array_agg(held.role || ':' || coalesce(held.agency_id::text, '')) from people_rolegrant held
    where held.person_id = person.id and held.starts_on <= %(today)s
      and (held.ends_on is null or held.ends_on >= %(today)s)
  ), '{{}}'),
  exists (select from people_person staff where staff.line_manager_id = person.id and staff.left_on is null)
from people_account account
left join people_person person on person.account_id = account.id and person.left_on is null
left join people_agency agency on agency.id = person.agency_id
where account.id = %(account)s
order by person.sort_name, person.id
"""

PARTS: tuple[tuple[str, type[models.Model]], ...] = (("account", Account), ("person", Person), ("agency", Agency))


def account_with_persons(account_id: int) -> Account | None:
    """The account with its property `acting` filled in; None when it is gone."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"account": account_id, "today": timezone.localdate()})
        rows = cursor.fetchall()
    if not rows:
        return None
    accounts, names = len(_columns(Account)), len(_columns(Person))
    account = Account.from_db(connection.alias, _columns(Account), rows[0][:accounts])
    account.acting = []
    for row in rows:
        if row[accounts] is None:  # nobody acts under it
            break
        person = Person.from_db(connection.alias, _columns(Person), row[accounts : accounts + names])
        person.agency = Agency.from_db(connection.alias, _columns(Agency), row[accounts + names : -3])
        # As second_factor.is_missing() looks for it, as with_grants() adds them, and as is_line_manager keeps it.
        for known, value in zip(("has_second_factor", "grants", "is_line_manager"), row[-3:], strict=True):
            person.__dict__[known] = value
        account.acting.append(person)
    return account


@cache
def _statement() -> str:
    columns = [f"{part}.{name}" for part, model in PARTS for name in _columns(model)]
    return STATEMENT.format(columns=", ".join(columns))


@cache
def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
