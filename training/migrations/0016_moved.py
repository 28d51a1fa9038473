"""When a published event moved to another day: who had a place by then did not choose that day."""

from django.db import migrations, models

# Its name comes after event_keeps_the_times_of_its_sessions, as triggers run by their names: it needs the right start.
# A first session that is taken out and put in again leaves the event without a day in between.
MOVED = """
create function training_event_moved() returns trigger language plpgsql as $$
begin
  new.moved_at := now();
  return new;
end $$;

create trigger event_keeps_when_it_was_moved before update on training_event
  for each row when (
    old.state = 'published' and old.starts_at is not null
    and (old.starts_at at time zone 'Europe/London')::date
      is distinct from (new.starts_at at time zone 'Europe/London')::date
  )
  execute function training_event_moved();
"""
UNDO = """
drop trigger event_keeps_when_it_was_moved on training_event;
drop function training_event_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0015_materials")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="moved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(MOVED, UNDO),
    ]
