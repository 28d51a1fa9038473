"""A charge that was decided keeps what was decided on; one that was invoiced stays. TRUNCATE would pass both."""

from django.db import migrations

# Reopening a register or correcting a record proposes a confirmed charge anew, with another sum: so the sum of a
# confirmed one changes only with its state, and that of one which a person waived never.
DECIDED = """
create function invoicing_refuse_decided_change() returns trigger language plpgsql as $$
begin
  raise exception 'charge % is decided, and its booking, reason, tariff and sum stay', old.reference
    using errcode = 'check_violation', constraint = 'charge_decided_keeps_its_sum', table = 'invoicing_charge';
end $$;

create trigger charge_decided_keeps_its_sum before update on invoicing_charge
  for each row when (
    (old.booking_id, old.reason, old.tariff_id, old.net_amount, old.vat_amount)
      is distinct from (new.booking_id, new.reason, new.tariff_id, new.net_amount, new.vat_amount)
    and (new.state in ('confirmed', 'invoiced', 'credited') or (old.state = 'waived' and old.decided_by_id is not null))
  ) execute function invoicing_refuse_decided_change();
"""

INVOICED = """
create function invoicing_refuse_invoiced_change() returns trigger language plpgsql as $$
begin
  raise exception 'charge % is %: it stays as it is, and can only be credited', old.reference, old.state
    using errcode = 'check_violation', constraint = 'charge_invoiced_never_changes', table = 'invoicing_charge';
end $$;

create trigger charge_invoiced_never_changes before update on invoicing_charge
  for each row when (
    old.state in ('invoiced', 'credited')
    and (
      (old.booking_id, old.reason, old.tariff_id, old.net_amount, old.vat_amount)
        is distinct from (new.booking_id, new.reason, new.tariff_id, new.net_amount, new.vat_amount)
      or new.state not in (old.state, 'credited'))
  ) execute function invoicing_refuse_invoiced_change();

create trigger charge_invoiced_is_never_deleted before delete on invoicing_charge
  for each row when (old.state in ('invoiced', 'credited')) execute function invoicing_refuse_invoiced_change();
"""

NEVER_EMPTIED = "".join(
    f"create trigger {table}_is_never_emptied before truncate on invoicing_{table} "
    "for each statement execute function refuse_truncate();\n"
    for table in ["charge", "numberseries"]
)


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0002_guards")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (DECIDED, INVOICED, NEVER_EMPTIED)]
