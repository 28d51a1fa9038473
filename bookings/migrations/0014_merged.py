"""Nobody is booked as a record that became part of another."""

from django.db import migrations

# The person's row is locked for share whatever it says: a merge that is being made is waited for, and then seen.
MERGED = """
create function bookings_refuse_merged() returns trigger language plpgsql as $$
declare
  into_id bigint;
begin
  select merged_into_id into into_id from people_person where id = new.delegate_id for share;
  if into_id is not null then
    raise exception 'the delegate of booking % is part of another record', new.reference
      using errcode = 'check_violation', constraint = 'booking_is_not_for_a_merged_record', table = 'bookings_booking';
  end if;
  return new;
end $$;

create trigger booking_is_not_for_a_merged_record before insert or update of delegate_id on bookings_booking
  for each row execute function bookings_refuse_merged();
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0013_announcements"), ("people", "0008_merges")]

    operations = [migrations.RunSQL(MERGED, migrations.RunSQL.noop)]
