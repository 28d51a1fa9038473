"""What no code path may break about events, rooms and trainers (tests/training/test_guards.py breaks each by SQL)."""

from django.db import migrations

EVENT_TIMES = """
create function training_event_times() returns trigger language plpgsql as $$
declare
  touched bigint;
begin
  foreach touched in array array(
    select distinct id from unnest(array[
      case when tg_op <> 'INSERT' then old.event_id end, case when tg_op <> 'DELETE' then new.event_id end
    ]) as id where id is not null
  ) loop
    update training_event set
      starts_at = (select min(starts_at) from training_session where event_id = touched),
      ends_at = (select max(ends_at) from training_session where event_id = touched)
    where id = touched;
  end loop;
  return null;
end $$;

create trigger event_times_follow_its_sessions
  after insert or delete or update of event_id, starts_at, ends_at on training_session
  for each row execute function training_event_times();

-- Who writes the event's times writes what the sessions say, whatever they pass.
create function training_event_keeps_times() returns trigger language plpgsql as $$
begin
  select min(starts_at), max(ends_at) into new.starts_at, new.ends_at from training_session where event_id = new.id;
  return new;
end $$;

create trigger event_keeps_the_times_of_its_sessions
  before insert or update of starts_at, ends_at on training_event
  for each row execute function training_event_keeps_times();
"""

CANCELLED = """
create function training_session_follows_event() returns trigger language plpgsql as $$
begin
  new.is_cancelled := (select state in ('cancelled', 'abandoned') from training_event where id = new.event_id);
  return new;
end $$;

create trigger session_is_cancelled_with_its_event
  before insert or update on training_session
  for each row execute function training_session_follows_event();

create function training_sessions_of_event() returns trigger language plpgsql as $$
begin
  update training_session set is_cancelled = (new.state in ('cancelled', 'abandoned')) where event_id = new.id;
  return null;
end $$;

create trigger sessions_are_cancelled_with_their_event
  after update of state on training_event
  for each row when (old.state is distinct from new.state) execute function training_sessions_of_event();
"""

TRAINERS = """
create function training_trainer_follows_session() returns trigger language plpgsql as $$
begin
  select starts_at, ends_at, is_cancelled into new.starts_at, new.ends_at, new.is_cancelled
    from training_session where id = new.session_id;
  return new;
end $$;

create trigger trainer_keeps_the_times_of_the_session
  before insert or update on training_sessiontrainer
  for each row execute function training_trainer_follows_session();

create function training_trainers_of_session() returns trigger language plpgsql as $$
begin
  update training_sessiontrainer set starts_at = new.starts_at where session_id = new.id;
  return null;
end $$;

create trigger trainers_follow_their_session
  after update on training_session
  for each row when (
    (old.starts_at, old.ends_at, old.is_cancelled) is distinct from (new.starts_at, new.ends_at, new.is_cancelled)
  ) execute function training_trainers_of_session();
"""

# int8range(id, id, '[]') is overlap for "the same id", so that no extension is needed.
ONE_PLACE_AT_A_TIME = """
alter table training_session add constraint room_is_in_use_once_at_a_time
  exclude using gist (int8range(room_id, room_id, '[]') with &&, tstzrange(starts_at, ends_at) with &&)
  where (room_id is not null and room_override = '' and not is_cancelled);

alter table training_sessiontrainer add constraint trainer_is_in_one_place_at_a_time
  exclude using gist (int8range(trainer_id, trainer_id, '[]') with &&, tstzrange(starts_at, ends_at) with &&)
  where (override = '' and not is_cancelled);
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [
        migrations.RunSQL(EVENT_TIMES, migrations.RunSQL.noop),
        migrations.RunSQL(CANCELLED, migrations.RunSQL.noop),
        migrations.RunSQL(TRAINERS, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_PLACE_AT_A_TIME, migrations.RunSQL.noop),
    ]
