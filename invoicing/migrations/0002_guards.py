"""What no code path may break about invoices (tests/invoicing/test_guards.py breaks each by SQL)."""

from django.db import migrations

ISSUED_INVOICES = """
create function invoicing_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'invoice % is issued and cannot be changed or deleted: credit it instead', old.reference
    using errcode = 'check_violation', constraint = 'invoice_issued_never_changes', table = 'invoicing_invoice';
end $$;

create trigger invoice_issued_never_changes before update or delete on invoicing_invoice
  for each row when (old.state = 'issued') execute function invoicing_refuse_change();

create function invoicing_refuse_line_change() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from invoicing_invoice where state = 'issued' and id in (
      case when tg_op <> 'INSERT' then old.invoice_id end, case when tg_op <> 'DELETE' then new.invoice_id end)
  ) then
    raise exception 'lines of an issued invoice cannot be added, changed or deleted: credit it instead'
      using errcode = 'check_violation', constraint = 'invoice_issued_never_changes', table = 'invoicing_invoiceline';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger invoice_line_of_an_issued_invoice_never_changes before insert or update or delete on invoicing_invoiceline
  for each row execute function invoicing_refuse_line_change();

create trigger invoice_is_never_emptied before truncate on invoicing_invoice
  for each statement execute function refuse_truncate();
create trigger invoiceline_is_never_emptied before truncate on invoicing_invoiceline
  for each statement execute function refuse_truncate();
create trigger chargehistory_is_never_emptied before truncate on invoicing_chargehistory
  for each statement execute function refuse_truncate();
"""

# An invoice is issued by an update of its draft, never inserted as issued; its number is the next one, and its sums are
# those of its lines.
NUMBERS = """
create function invoicing_check_issue() returns trigger language plpgsql as $$
declare
  expected integer;
  lines record;
begin
  if tg_op = 'INSERT' then
    raise exception 'an invoice begins as a draft'
      using errcode = 'check_violation', constraint = 'invoice_begins_as_a_draft', table = 'invoicing_invoice';
  end if;
  -- A second issue in the same series waits here; its own statement, so that the count sees what was committed meanwhile.
  perform 1 from invoicing_numberseries
    where series = new.series and financial_year = new.financial_year for no key update;
  select coalesce(max(number), 0) + 1 into expected from invoicing_invoice
    where series = new.series and financial_year = new.financial_year;
  if new.number <> expected then
    raise exception 'invoice number % is not the next one, %', new.number, expected
      using errcode = 'check_violation', constraint = 'invoice_numbers_have_no_gaps', table = 'invoicing_invoice';
  end if;
  select count(*) as n, coalesce(sum(net_amount), 0) as net, coalesce(sum(vat_amount), 0) as vat into lines
    from invoicing_invoiceline where invoice_id = new.id;
  if lines.n = 0 or lines.net <> new.net_amount or lines.vat <> new.vat_amount then
    raise exception 'invoice % says % + % and its % lines say % + %',
      new.reference, new.net_amount, new.vat_amount, lines.n, lines.net, lines.vat
      using errcode = 'check_violation', constraint = 'invoice_adds_up_to_its_lines', table = 'invoicing_invoice';
  end if;
  return new;
end $$;

create trigger invoice_begins_as_a_draft before insert on invoicing_invoice
  for each row when (new.state = 'issued') execute function invoicing_check_issue();
create trigger invoice_numbers_have_no_gaps before update on invoicing_invoice
  for each row when (new.state = 'issued' and old.state <> 'issued') execute function invoicing_check_issue();
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0001_initial"), ("bookings", "0002_guards")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (ISSUED_INVOICES, NUMBERS)]
