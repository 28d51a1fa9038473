"""That a date is confirmed, or not sure after all, is a change that delegates are told of: those who wait, too."""

from django.db import migrations

# As in 0006, and whether the date is not sure: said only where it is so, as changes from before do not say it.
TOLD = """
create or replace function bookings_told_of(told bigint) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'online_link', e.online_link,
    'sessions', coalesce((
      select jsonb_agg(
        jsonb_build_object(
          'starts_at', s.starts_at at time zone 'UTC', 'ends_at', s.ends_at at time zone 'UTC', 'room', s.room_id
        ) order by s.starts_at, s.id
      ) from training_session s where s.event_id = e.id
    ), '[]')
  ) {more} from training_event e where e.id = told
$$;

create or replace function bookings_note_change() returns trigger language plpgsql as $$
declare
  concerned bigint;
begin
  if tg_table_name = 'training_event' then
    concerned := new.id;
  elsif tg_op = 'INSERT' then
    concerned := new.event_id;
  else
    concerned := old.event_id;
  end if;
  -- Before the row changes: what is read here is how it was. Who books later is told how it is.
  insert into bookings_eventchange (event_id, was, changed_at)
    select e.id, bookings_told_of(e.id), clock_timestamp() from training_event e
    where e.id = concerned and e.state = 'published' and e.ends_at > now()
      and exists (select from bookings_booking b where b.event_id = e.id and {told})
  on conflict (event_id) where told_at is null do update set changed_at = excluded.changed_at;
  return case tg_op when 'DELETE' then old else new end;
end $$;
"""
NOW = TOLD.format(
    more="|| case when e.certainty = 'sure' then '{}' else jsonb_build_object('is_tentative', true) end",
    told="(b.state = 'confirmed' or b.state = 'waiting' and tg_name = 'change_of_an_event_is_noted_date')",
)
BEFORE = TOLD.format(more="", told="b.state = 'confirmed'")
NOTED = """
create trigger change_of_an_event_is_noted_date before update on training_event for each row
  when ((old.certainty = 'sure') is distinct from (new.certainty = 'sure')) execute function bookings_note_change();
"""
UNDO = "drop trigger change_of_an_event_is_noted_date on training_event;"


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0018_corrections'),
        ('training', '0013_tentative'),
    ]

    operations = [migrations.RunSQL(NOW + NOTED, UNDO + BEFORE)]
