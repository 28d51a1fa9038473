"""Credit notes, and what no code path may break about them (tests/invoicing/test_credit_guards.py does, by SQL)."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# Lines of drafts are not credited; the number is the next one of its series.
ISSUE = """
create function invoicing_check_credit() returns trigger language plpgsql as $$
declare
  expected integer;
begin
  if not exists (
    select from invoicing_invoiceline l join invoicing_invoice i on i.id = l.invoice_id
    where l.id = new.line_id and i.state = 'issued'
  ) then
    raise exception 'credit note % is for a line that is not on an issued invoice', new.reference
      using errcode = 'check_violation', constraint = 'credit_note_is_for_an_issued_line', table = 'invoicing_creditnote';
  end if;
  -- Whoever else issues in the series waits here; its own statement, so that the count sees what was committed meanwhile.
  perform 1 from invoicing_numberseries
    where series = new.series and financial_year = new.financial_year for no key update;
  select coalesce(max(number), 0) + 1 into expected from invoicing_creditnote
    where series = new.series and financial_year = new.financial_year;
  if new.number <> expected then
    raise exception 'credit note number % is not the next one, %', new.number, expected
      using errcode = 'check_violation', constraint = 'credit_note_numbers_have_no_gaps', table = 'invoicing_creditnote';
  end if;
  return new;
end $$;

create trigger credit_note_numbers_have_no_gaps before insert on invoicing_creditnote
  for each row execute function invoicing_check_credit();
"""

NEVER_CHANGES = """
create function invoicing_refuse_credit_change() returns trigger language plpgsql as $$
begin
  raise exception 'credit note % is issued and cannot be changed or deleted', old.reference
    using errcode = 'check_violation', constraint = 'credit_note_never_changes', table = 'invoicing_creditnote';
end $$;

create trigger credit_note_never_changes before update or delete on invoicing_creditnote
  for each row execute function invoicing_refuse_credit_change();
create trigger creditnote_is_never_emptied before truncate on invoicing_creditnote
  for each statement execute function refuse_truncate();
"""

# A charge is credited exactly by a credit note: neither is there without the other when a transaction ends.
CREDITED = """
create function invoicing_check_credited() returns trigger language plpgsql as $$
begin
  if not exists (
    select from invoicing_creditnote n join invoicing_invoiceline l on l.id = n.line_id where l.charge_id = new.id
  ) then
    raise exception 'charge % has no credit note', new.reference
      using errcode = 'check_violation', constraint = 'charge_is_credited_by_a_credit_note', table = 'invoicing_charge';
  end if;
  return new;
end $$;

create trigger charge_is_credited_by_a_credit_note before update on invoicing_charge
  for each row when (new.state = 'credited' and old.state <> 'credited') execute function invoicing_check_credited();

create function invoicing_check_its_charge() returns trigger language plpgsql as $$
begin
  if exists (
    select from invoicing_charge c join invoicing_invoiceline l on l.charge_id = c.id
    where l.id = new.line_id and c.state <> 'credited'
  ) then
    raise exception 'credit note % leaves its charge as it was', new.reference
      using errcode = 'check_violation', constraint = 'credit_note_credits_its_charge', table = 'invoicing_creditnote';
  end if;
  return null;
end $$;

create constraint trigger credit_note_credits_its_charge after insert on invoicing_creditnote
  deferrable initially deferred for each row execute function invoicing_check_its_charge();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0015_departures'),
        ('invoicing', '0003_decided_charges'),
        ('people', '0008_merges'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreditNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(choices=[('exempt', 'Exempt reason'), ('discretion', 'At discretion'), ('mistake', 'Recorded in error')], max_length=20)),
                ('reason', models.CharField(max_length=300)),
                ('series', models.CharField(max_length=10)),
                ('financial_year', models.CharField(max_length=7, verbose_name='financial year of issue')),
                ('number', models.PositiveIntegerField()),
                ('reference', models.CharField(max_length=30, unique=True)),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='charge',
            name='charge_is_proposed_once_per_booking_and_reason',
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'credited'), _negated=True), fields=('booking', 'reason'), name='charge_is_proposed_once_per_booking_and_reason'),
        ),
        migrations.AddField(
            model_name='creditnote',
            name='issued_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.AddField(
            model_name='creditnote',
            name='line',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='credit_note', to='invoicing.invoiceline'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(fields=('series', 'financial_year', 'number'), name='credit_note_number_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['exempt', 'discretion', 'mistake'])), name='credit_note_ground_is_known'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='credit_note_says_why'),
        ),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (ISSUE, NEVER_CHANGES, CREDITED)),
    ]
