"""Changes of events that delegates are to be told of, and private addresses of calendars."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# What is told of an event. Its times are in UTC and without a zone, so that every connection makes the same of them.
TOLD = """
create function bookings_told_of(told bigint) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'online_link', e.online_link,
    'sessions', coalesce((
      select jsonb_agg(
        jsonb_build_object(
          'starts_at', s.starts_at at time zone 'UTC', 'ends_at', s.ends_at at time zone 'UTC', 'room', s.room_id
        ) order by s.starts_at, s.id
      ) from training_session s where s.event_id = e.id
    ), '[]')
  ) from training_event e where e.id = told
$$;

create function bookings_note_change() returns trigger language plpgsql as $$
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
      and exists (select from bookings_booking b where b.event_id = e.id and b.state = 'confirmed')
  on conflict (event_id) where told_at is null do update set changed_at = excluded.changed_at;
  return case tg_op when 'DELETE' then old else new end;
end $$;

create trigger change_of_an_event_is_noted_session before update on training_session for each row
  when ((old.starts_at, old.ends_at, old.room_id) is distinct from (new.starts_at, new.ends_at, new.room_id))
  execute function bookings_note_change();
create trigger change_of_an_event_is_noted_sessions before insert or delete on training_session for each row
  execute function bookings_note_change();
create trigger change_of_an_event_is_noted_link before update on training_event for each row
  when (old.online_link is distinct from new.online_link) execute function bookings_note_change();
"""
UNDO = """
drop trigger change_of_an_event_is_noted_session on training_session;
drop trigger change_of_an_event_is_noted_sessions on training_session;
drop trigger change_of_an_event_is_noted_link on training_event;
drop function bookings_note_change();
drop function bookings_told_of(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0005_offers'),
        ('people', '0006_exports'),
        ('training', '0004_joining'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_on', models.DateField(default=django.utils.timezone.localdate, editable=False)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='calendar_feed_keeps_only_a_digest')],
            },
        ),
        migrations.CreateModel(
            name='EventChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was', models.JSONField()),
                ('changed_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='training.event')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['event'], name='change_by_event')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('told_at', None)), fields=('event',), name='event_has_one_change_that_is_not_told')],
            },
        ),
        migrations.RunSQL(TOLD, UNDO),
    ]
