"""Who has a place on a whole event makes up no single session there: one delegate, one chair."""

from django.db import migrations

# A walk-in takes no chair that is counted. What is marked already was made up.
ONE_CHAIR = """
create function bookings_end_make_ups_there() returns trigger language plpgsql as $$
begin
  update bookings_makeup m set ended_at = greatest(clock_timestamp(), m.arranged_at)
    from bookings_booking b
    where m.event_id = new.event_id and m.ended_at is null and b.id = m.booking_id and b.delegate_id = new.delegate_id
      and not exists (
        select from bookings_mark k where k.booking_id = m.booking_id and k.session_id = m.session_id
      );
  return null;
end $$;
create trigger make_up_ends_where_its_delegate_has_a_place after insert or update of state on bookings_booking
  for each row when (new.state = 'confirmed' and new.source <> 'walk-in')
  execute function bookings_end_make_ups_there();
"""
UNDO = """
drop trigger make_up_ends_where_its_delegate_has_a_place on bookings_booking;
drop function bookings_end_make_ups_there();
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0020_make_ups")]

    operations = [migrations.RunSQL(ONE_CHAIR, UNDO)]
