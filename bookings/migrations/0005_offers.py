"""Offers and reservations hold places: the guard counts them, and what an offer is stays true whoever writes."""

from django.db import migrations

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
    ) c on c.event_id = e.id
    where e.id = any(ids)
    group by e.id having sum(c.n) > e.places + e.overbooking limit 1;
  if found then
    raise exception 'event % has % places and % are held', overfull.reference, overfull.room, overfull.held
      using errcode = 'check_violation', constraint = 'event_holds_no_more_than_its_places', table = 'bookings_booking';
  end if;
end $$;

create or replace function bookings_booking_added() returns trigger language plpgsql as $$
begin
  perform bookings_refuse_overfull(array(select distinct event_id from added where {HOLDS.format("")}));
  return null;
end $$;

create or replace function bookings_booking_changed() returns trigger language plpgsql as $$
begin
  perform bookings_refuse_overfull(array(
    select distinct a.event_id from added a join removed r using (id)
    where {HOLDS.format("a.")} and (not {HOLDS.format("r.")} or r.event_id <> a.event_id)));
  return null;
end $$;

create function bookings_reservation_added() returns trigger language plpgsql as $$
begin
  perform bookings_refuse_overfull(array(select distinct event_id from added where released_at is null));
  return null;
end $$;

create function bookings_reservation_changed() returns trigger language plpgsql as $$
begin
  perform bookings_refuse_overfull(array(
    select distinct a.event_id from added a join removed r using (id)
    where a.released_at is null
      and (r.released_at is not null or r.event_id <> a.event_id or a.places > r.places)));
  return null;
end $$;

create trigger event_holds_no_more_than_its_places_reserved after insert on bookings_reservation
  referencing new table as added for each statement execute function bookings_reservation_added();
create trigger event_holds_no_more_than_its_places_reserved_more after update on bookings_reservation
  referencing new table as added old table as removed for each statement
  execute function bookings_reservation_changed();

-- Places kept for some agencies and not taken by them: others cannot have them before the hold ends.
create function bookings_kept_places(event bigint) returns integer language sql stable as $$
  select coalesce(sum(greatest(h.places - (
    select count(*) from bookings_booking b join people_agency a on a.id = b.agency_id
    where b.event_id = h.event_id and {HOLDS.format("b.")} and (a.id = h.agency_id or a.type = h.agency_type)
  ) - (
    select coalesce(sum(r.places), 0) from bookings_reservation r join people_agency a on a.id = r.agency_id
    where r.event_id = h.event_id and r.released_at is null and (a.id = h.agency_id or a.type = h.agency_type)
  ), 0)), 0)::int
  from bookings_hold h where h.event_id = event and h.until > now()
$$;
"""

WORKSHOPS = f"""
create or replace function bookings_refuse_overfull_workshops(ids bigint[]) returns void language plpgsql as $$
declare
  overfull record;
begin
  perform 1 from training_workshop where id = any(ids) order by id for no key update;
  select w.title, w.places + w.overbooking as room, count(*) as held into overfull
    from training_workshop w
    join bookings_workshopchoice c on c.workshop_id = w.id
    join bookings_booking b on b.id = c.booking_id and {HOLDS.format("b.")}
    where w.id = any(ids)
    group by w.id having count(*) > w.places + w.overbooking limit 1;
  if found then
    raise exception 'workshop % has % places and % are held', overfull.title, overfull.room, overfull.held
      using errcode = 'check_violation', constraint = 'workshop_holds_no_more_than_its_places',
        table = 'bookings_workshopchoice';
  end if;
end $$;

create or replace function bookings_choice_booking_changed() returns trigger language plpgsql as $$
begin
  perform bookings_refuse_overfull_workshops(array(
    select distinct c.workshop_id from bookings_workshopchoice c join added a on a.id = c.booking_id
    join removed r on r.id = a.id where {HOLDS.format("a.")} and not {HOLDS.format("r.")}));
  return null;
end $$;
"""

# An ended offer stays as it ended: a place that was offered once and given up is nobody's right any more.
OFFERS = """
create function bookings_offer_has_ended() returns trigger language plpgsql as $$
begin
  raise exception 'the offer of booking % has ended', old.booking_id
    using errcode = 'check_violation', constraint = 'offer_ended_never_revives', table = 'bookings_offer';
end $$;

create trigger offer_ended_never_revives before update on bookings_offer
  for each row when (old.ended_at is not null) execute function bookings_offer_has_ended();

create function bookings_offer_put_off() returns trigger language plpgsql as $$
begin
  raise exception 'the offer of booking % was put off already, or does not say when', old.booking_id
    using errcode = 'check_violation', constraint = 'offer_is_put_off_once', table = 'bookings_offer';
end $$;

create trigger offer_is_put_off_once before update on bookings_offer
  for each row when (
    (old.ends_at, old.put_off_at) is distinct from (new.ends_at, new.put_off_at)
    and (old.put_off_at is not null or new.put_off_at is null)
  ) execute function bookings_offer_put_off();

-- Whoever takes a booking out of "offered" without a word about its offer (an import, a cancelled event) withdraws it.
create function bookings_withdraw_offer() returns trigger language plpgsql as $$
begin
  update bookings_offer set how = 'withdrawn', ended_at = coalesce(new.cancelled_at, new.placed_at, now())
    where booking_id = new.id and ended_at is null;
  return null;
end $$;

create trigger offer_ends_with_its_booking after update of state on bookings_booking
  for each row when (old.state = 'offered' and new.state <> 'offered') execute function bookings_withdraw_offer();

-- At commit, as offer and booking are written one after the other.
create function bookings_offer_and_booking_agree() returns trigger language plpgsql as $$
declare
  touched bigint;
begin
  if tg_table_name = 'bookings_booking' then touched := new.id;
  elsif tg_op = 'DELETE' then touched := old.booking_id;
  else touched := new.booking_id;
  end if;
  if exists (
    select 1 from bookings_booking b where b.id = touched
    and (b.state = 'offered') <> exists (select 1 from bookings_offer where booking_id = b.id and ended_at is null)
  ) then
    raise exception 'booking % is offered without a live offer, or has one and is not', touched
      using errcode = 'check_violation', constraint = 'booking_is_offered_exactly_while_its_offer_lives',
        table = 'bookings_booking';
  end if;
  return null;
end $$;

create constraint trigger booking_is_offered_exactly_while_its_offer_lives
  after insert or update of state on bookings_booking deferrable initially deferred
  for each row when (new.state = 'offered') execute function bookings_offer_and_booking_agree();
create constraint trigger offer_lives_exactly_while_its_booking_is_offered
  after insert or delete or update on bookings_offer deferrable initially deferred
  for each row execute function bookings_offer_and_booking_agree();

create trigger offer_is_never_emptied before truncate on bookings_offer
  for each statement execute function refuse_truncate();
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_waiting_list")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (PLACES, WORKSHOPS, OFFERS)]
