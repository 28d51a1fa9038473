"""An event of several days was moved, too, when a later one of its days became another."""

from django.db import migrations

MOVED = """
create function training_session_moved() returns trigger language plpgsql as $$
begin
  update training_event set moved_at = now() where id = new.event_id and state = 'published';
  return null;
end $$;

create trigger event_keeps_when_a_session_was_moved after update of starts_at on training_session
  for each row when (
    (old.starts_at at time zone 'Europe/London')::date is distinct from (new.starts_at at time zone 'Europe/London')::date
  )
  execute function training_session_moved();
"""
UNDO = """
drop trigger event_keeps_when_a_session_was_moved on training_session;
drop function training_session_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0016_moved")]

    operations = [migrations.RunSQL(MOVED, UNDO)]
