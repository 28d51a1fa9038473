"""When booking opens and closes, where that is said by days before the event."""

from django.db import migrations

# Its name comes after event_keeps_the_times_of_its_sessions, as triggers run by their names: it needs the right start.
# The days are counted in our time zone, so that 9:30 stays 9:30 when the clocks change.
WINDOW = """
create function training_event_window() returns trigger language plpgsql as $$
declare
  starts timestamp := new.starts_at at time zone 'Europe/London';
begin
  if new.booking_opens_days is not null then
    new.booking_opens_at := (starts - make_interval(days => new.booking_opens_days)) at time zone 'Europe/London';
  end if;
  if new.booking_closes_days is not null then
    new.booking_closes_at := (starts - make_interval(days => new.booking_closes_days)) at time zone 'Europe/London';
  end if;
  return new;
end $$;

create trigger event_keeps_when_it_is_booked before insert or update on training_event
  for each row when (new.booking_opens_days is not null or new.booking_closes_days is not null)
  execute function training_event_window();
"""
UNDO = """
drop trigger event_keeps_when_it_is_booked on training_event;
drop function training_event_window();
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0006_planning")]

    operations = [migrations.RunSQL(WINDOW, UNDO)]
