"""A booking awaits approval exactly while its request is undecided, whoever writes; what is decided stays as it is."""

from django.db import migrations

APPROVALS = """
create function bookings_approval_is_decided() returns trigger language plpgsql as $$
begin
  raise exception 'the request of booking % is decided', old.booking_id
    using errcode = 'check_violation', constraint = 'approval_decided_never_changes', table = 'bookings_approval';
end $$;

create trigger approval_decided_never_changes before update on bookings_approval
  for each row when (old.decided_at is not null) execute function bookings_approval_is_decided();

-- Whoever takes a booking out of "requested" without a word about its approval (an import, a cancelled event, a walk-in)
-- withdraws the request.
create function bookings_withdraw_approval() returns trigger language plpgsql as $$
begin
  update bookings_approval set decision = 'withdrawn', decided_at = coalesce(new.cancelled_at, new.placed_at, now())
    where booking_id = new.id and decided_at is null;
  return null;
end $$;

create trigger approval_ends_with_its_booking after update of state on bookings_booking
  for each row when (old.state = 'requested' and new.state <> 'requested')
  execute function bookings_withdraw_approval();

-- At commit, as booking and approval are written one after the other.
create function bookings_approval_and_booking_agree() returns trigger language plpgsql as $$
declare
  touched bigint;
begin
  if tg_table_name = 'bookings_booking' then touched := new.id;
  elsif tg_op = 'DELETE' then touched := old.booking_id;
  else touched := new.booking_id;
  end if;
  if exists (
    select 1 from bookings_booking b where b.id = touched
    and (b.state = 'requested')
      <> exists (select 1 from bookings_approval where booking_id = b.id and decided_at is null)
  ) then
    raise exception 'booking % awaits approval and nobody is asked, or somebody is and it does not', touched
      using errcode = 'check_violation', constraint = 'booking_awaits_approval_exactly_while_it_is_undecided',
        table = 'bookings_booking';
  end if;
  return null;
end $$;

create constraint trigger booking_awaits_approval_exactly_while_it_is_undecided
  after insert or update of state on bookings_booking deferrable initially deferred
  for each row when (new.state = 'requested') execute function bookings_approval_and_booking_agree();
create constraint trigger approval_is_undecided_exactly_while_its_booking_awaits_it
  after insert or delete or update on bookings_approval deferrable initially deferred
  for each row execute function bookings_approval_and_booking_agree();

create trigger approval_is_never_emptied before truncate on bookings_approval
  for each statement execute function refuse_truncate();
"""

# int8range(id, id, '[]') is overlap for "the same id", so that no extension is needed.
DEPUTIES = """
alter table bookings_deputy add constraint deputy_is_one_at_a_time
  exclude using gist (int8range(manager_id, manager_id, '[]') with &&, daterange(starts_on, ends_on, '[]') with &&)
  where (revoked_at is null);
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0010_approval")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (APPROVALS, DEPUTIES)]
