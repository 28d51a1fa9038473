"""Sessions made up: they take chairs on the other event, and only they are marked there beside its bookings."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# As bookings.models.booking.HOLDS_A_PLACE said when this was written.
HOLDS = "(({0}state in ('confirmed', 'offered') or {0}keeps_place) and {0}source <> 'walk-in')"

PLACES = f"""
create or replace function bookings_refuse_overfull(ids bigint[]) returns void language plpgsql as $$
declare
  overfull record;
begin
  perform 1 from training_event where id = any(ids) order by id for no key update;
  select e.reference, e.places + e.overbooking as room, sum(c.n) as held into overfull
    from training_event e
    join (
      select b.event_id, count(*) as n from bookings_booking b
        where b.event_id = any(ids) and {HOLDS.format("b.")} group by b.event_id
      union all
      select r.event_id, r.places from bookings_reservation r where r.event_id = any(ids) and r.released_at is null
      union all
      select m.event_id, count(distinct m.booking_id) from bookings_makeup m
        where m.event_id = any(ids) and m.ended_at is null group by m.event_id
    ) c on c.event_id = e.id
    where e.id = any(ids)
    group by e.id having sum(c.n) > e.places + e.overbooking limit 1;
  if found then
    raise exception 'event % has % places and % are held', overfull.reference, overfull.room, overfull.held
      using errcode = 'check_violation', constraint = 'event_holds_no_more_than_its_places', table = 'bookings_booking';
  end if;
end $$;

create function bookings_make_up_added() returns trigger language plpgsql as $$
begin
  perform bookings_refuse_overfull(array(select distinct event_id from added where ended_at is null));
  return null;
end $$;
create trigger event_holds_no_more_than_its_places_made_up after insert on bookings_makeup
  referencing new table as added for each statement execute function bookings_make_up_added();

create or replace function bookings_kept_places(event bigint) returns integer language sql stable as $$
  select coalesce(sum(greatest(h.places - (
    select count(*) from bookings_booking b join people_agency a on a.id = b.agency_id
    where b.event_id = h.event_id and {HOLDS.format("b.")} and (a.id = h.agency_id or a.type = h.agency_type)
  ) - (
    select coalesce(sum(r.places), 0) from bookings_reservation r join people_agency a on a.id = r.agency_id
    where r.event_id = h.event_id and r.released_at is null and (a.id = h.agency_id or a.type = h.agency_type)
  ) - (
    select count(distinct b.id) from bookings_makeup m join bookings_booking b on b.id = m.booking_id
    join people_agency a on a.id = b.agency_id
    where m.event_id = h.event_id and m.ended_at is null and (a.id = h.agency_id or a.type = h.agency_type)
  ), 0)), 0)::int
  from bookings_hold h where h.event_id = event and h.until > now()
$$;
"""

MAKE_UPS = """
create function bookings_make_up_fits() returns trigger language plpgsql as $$
begin
  if not exists (
    select from bookings_booking b
    join training_session missed on missed.id = new.missed_id and missed.event_id = b.event_id
    join training_session there on there.id = new.session_id and there.event_id = new.event_id
    join training_event here on here.id = b.event_id
    join training_event e on e.id = new.event_id and e.id <> here.id and e.course_id = here.course_id
    where b.id = new.booking_id and b.state = 'confirmed'
  ) then
    raise exception 'what is made up is a session of the event booked, at another event of its course'
      using errcode = 'check_violation', constraint = 'make_up_is_at_another_event_of_the_course',
        table = 'bookings_makeup';
  end if;
  return null;
end $$;
create trigger make_up_is_at_another_event_of_the_course after insert on bookings_makeup
  for each row execute function bookings_make_up_fits();

-- Of one that was arranged only its end is written.
create function bookings_make_up_changed() returns trigger language plpgsql as $$
begin
  if old.ended_at is null and new.session_id is null then
    new.ended_at := greatest(clock_timestamp(), old.arranged_at);
    return new;
  end if;
  if (new.missed_id, new.event_id) is distinct from (old.missed_id, old.event_id)
     or new.session_id <> old.session_id or old.ended_at is not null and new.ended_at is distinct from old.ended_at then
    raise exception 'where a session is made up stays as it was arranged, and what ended never revives'
      using errcode = 'check_violation', constraint = 'make_up_stays_as_it_is', table = 'bookings_makeup';
  end if;
  return new;
end $$;
create trigger make_up_stays_as_it_is before update on bookings_makeup
  for each row execute function bookings_make_up_changed();

create function bookings_end_make_ups() returns trigger language plpgsql as $$
begin
  update bookings_makeup set ended_at = greatest(clock_timestamp(), arranged_at)
    where booking_id = new.id and ended_at is null;
  return null;
end $$;
create trigger make_up_ends_with_its_booking after update of state on bookings_booking
  for each row when (old.state = 'confirmed' and new.state <> 'confirmed') execute function bookings_end_make_ups();

-- A session is marked for who is booked on its event, and for who makes up another there.
create or replace function bookings_mark_fits() returns trigger language plpgsql as $$
begin
  if (select event_id from training_session where id = new.session_id)
     <> (select event_id from bookings_booking where id = new.booking_id)
     and not exists (
       select from bookings_makeup where booking_id = new.booking_id and session_id = new.session_id
     ) then
    raise exception 'the session belongs to another event'
      using errcode = 'check_violation', constraint = 'mark_belongs_to_a_session_of_the_event_booked',
        table = 'bookings_mark';
  end if;
  return null;
end $$;
"""

# As in migration 0019, and who makes up a session there is told of a change, too.
TOLD = """
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
      and (
        exists (
          select from bookings_booking b where b.event_id = e.id
          and (b.state = 'confirmed' or b.state = 'waiting' and tg_name = 'change_of_an_event_is_noted_date')
        )
        or exists (select from bookings_makeup m where m.event_id = e.id and m.ended_at is null)
      )
  on conflict (event_id) where told_at is null do update set changed_at = excluded.changed_at;
  return case tg_op when 'DELETE' then old else new end;
end $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0019_tentative'),
        ('people', '0009_kept_off_lists'),
        ('training', '0012_broken_off'),
    ]

    operations = [
        migrations.CreateModel(
            name='MakeUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('arranged_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end_is_told', models.BooleanField(db_default=False, default=False)),
                ('arranged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='make_ups', to='bookings.booking')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='make_ups', to='training.event')),
                ('missed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.session')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='make_ups', to='training.session')),
            ],
            options={
                'ordering': ['arranged_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('booking', 'missed'), name='session_is_made_up_once'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('booking', 'session'), name='session_makes_up_for_one'), models.CheckConstraint(condition=models.Q(models.Q(('end_is_told', False), ('ended_at', None), ('ended_by', None), ('session__isnull', False)), models.Q(('ended_at__gte', models.F('arranged_at')), ('ended_at__isnull', False)), _connector='OR'), name='make_up_ended_says_when')],
            },
        ),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (PLACES, MAKE_UPS, TOLD)),
    ]
