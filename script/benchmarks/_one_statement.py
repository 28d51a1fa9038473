"""S: the report of a year and the year before as one SQL statement, written by hand and apart from reporting/.

It says what it counts in words ('attended', 'walk-in') where reporting/ counts by numbers, and gives the figures ready
rounded: so that it can both be measured against, and tell whether the two agree.
"""

S = """
with e as materialized (
  select e.id, e.course_id, e.places, e.starts_at, e.ends_at, e.is_in_house, e.state = 'published' as delivered,
    coalesce(e.first_places, e.places) as first_places,
    case when e.ends_at >= %(this)s then 1 else 0 end as year,
    case when c.delivery in ('conference', 'e-learning') then c.delivery else 'training' end as kind
  from training_event e join training_course c on c.id = e.course_id
  where e.ends_at >= %(before)s and e.ends_at < %(until)s and e.state <> 'draft'
),
b as materialized (
  select e.year, e.kind, e.delivered, e.course_id, e.id as event_id, e.starts_at, b.id, b.agency_id, b.delegate_id,
    b.source, coalesce(b.outcome, 'unknown') as outcome, b.received_at,
    coalesce(b.outcome in ('attended', 'part-attended'), false) as came, b.source <> 'walk-in' as booked
  from e join bookings_booking b on b.event_id = e.id
  where b.placed_at is not null
),
booking_figures as (
  select year, kind, course_id, agency_id,
    count(*) filter (where delivered and source = 'booked') as source_booked,
    count(*) filter (where delivered and source = 'substitute') as source_substitute,
    count(*) filter (where delivered and source = 'moved-in') as source_moved_in,
    count(*) filter (where delivered and source = 'walk-in') as source_walk_in,
    count(*) filter (where delivered and outcome = 'attended') as outcome_attended,
    count(*) filter (where delivered and outcome = 'part-attended') as outcome_part_attended,
    count(*) filter (where delivered and outcome = 'did-not-attend') as outcome_did_not_attend,
    count(*) filter (where delivered and outcome = 'cancelled-in-time') as outcome_cancelled_in_time,
    count(*) filter (where delivered and outcome = 'cancelled-late') as outcome_cancelled_late,
    count(*) filter (where delivered and outcome = 'substituted-out') as outcome_substituted_out,
    count(*) filter (where delivered and outcome = 'moved-out') as outcome_moved_out,
    count(*) filter (where delivered and outcome = 'event-cancelled') as outcome_event_cancelled,
    count(*) filter (where delivered and outcome = 'unknown') as outcome_unknown,
    count(*) filter (where delivered and came) as attended,
    count(*) filter (where delivered and booked and came) as booked_came,
    count(*) filter (where delivered and booked and outcome = 'did-not-attend') as booked_absent,
    count(*) filter (where delivered and booked and outcome = 'unknown') as booked_unknown,
    count(*) filter (
      where delivered and booked and outcome in ('cancelled-in-time', 'cancelled-late') and received_at >= starts_at
    ) as left_after_start,
    count(*) filter (where not delivered) as on_cancelled_events,
    count(distinct delegate_id) filter (where delivered and came) as people
  from b group by grouping sets ((year, kind), (year, kind, course_id), (year, kind, agency_id))
),
repeated as (
  select year, kind, count(*) as people from (
    select year, kind, delegate_id from b
    where delivered and booked and outcome = 'did-not-attend' group by year, kind, delegate_id having count(*) >= 2
  ) person group by year, kind
),
conference_figures as (
  select event_id, count(distinct delegate_id) as people
  from b where kind = 'conference' and delivered and came group by event_id
),
by_event as (
  select event_id, sum(n) as attended, max(n) as largest, count(distinct type) as types, sum(whole) as whole
  from (
    select event_id, agency_id, count(*) as n, count(*) filter (where outcome = 'attended') as whole
    from b where came group by event_id, agency_id
  ) share join people_agency a on a.id = share.agency_id
  group by event_id
),
length as (
  select s.event_id, extract(epoch from sum(s.ends_at - s.starts_at)) / 3600 as hours
  from e join training_session s on s.event_id = e.id group by s.event_id
),
in_part as (
  select b.event_id, extract(epoch from sum(s.ends_at - s.starts_at)) / 3600 as hours
  from b join bookings_mark m on m.booking_id = b.id join training_session s on s.id = m.session_id
  where b.outcome = 'part-attended' and m.attendance in ('present', 'late', 'left-early', 'left-wellbeing')
  group by b.event_id
),
event_figures as (
  select year, kind, course_id,
    count(*) filter (where delivered) as events, count(*) filter (where not delivered) as cancelled,
    count(*) filter (where delivered and is_in_house) as in_house,
    sum(places) filter (where delivered) as places, sum(first_places) filter (where delivered) as first_places,
    sum(least(coalesce(by_event.attended, 0), places)) filter (where delivered) as used,
    sum(greatest(places - coalesce(by_event.attended, 0), 0)) filter (where delivered) as empty,
    sum(by_event.attended) filter (where delivered and ends_at <= %(evaluated_until)s) as asked,
    sum(coalesce(by_event.whole * length.hours, 0) + coalesce(in_part.hours, 0)) filter (where delivered) as hours,
    count(*) filter (where delivered and not is_in_house) as open,
    count(*) filter (where delivered and not is_in_house and by_event.types >= 3) as mixed,
    percentile_cont(0.5) within group (order by 100.0 * by_event.largest / by_event.attended)
      filter (where delivered and not is_in_house) as largest_share
  from e
  left join by_event on by_event.event_id = e.id
  left join length on length.event_id = e.id
  left join in_part on in_part.event_id = e.id
  group by grouping sets ((year, kind), (year, kind, course_id))
),
waited as (
  select e.year, e.kind, e.course_id, b.delegate_id, min(b.booked_at) as since
  from e join bookings_booking b on b.event_id = e.id
  where b.state = 'waiting' and b.outcome is null
  group by e.year, e.kind, e.course_id, b.delegate_id
),
demand_figures as (
  select year, kind, course_id, count(*) as people,
    percentile_cont(0.5) within group (
      order by extract(epoch from case year when 1 then %(until)s else %(this)s end - since) / 86400) as wait
  from waited
  where (year, kind, course_id, delegate_id)
    not in (select year, kind, course_id, delegate_id from b where delivered and came)
  group by grouping sets ((year, kind), (year, kind, course_id))
),
charge_figures as (
  select year, kind, course_id, agency_id,
    count(*) filter (where state <> 'waived') as charges, count(*) filter (where state = 'waived') as waived,
    sum(net_amount) as proposed, sum(net_amount) filter (where state in ('proposed', 'disputed')) as undecided,
    sum(net_amount) filter (where state = 'waived') as waived_amount,
    sum(net_amount) filter (where waiver = 'exempt') as exempt,
    sum(net_amount) filter (where waiver = 'discretion') as discretion,
    sum(net_amount) filter (where waiver = 'mistake') as mistake,
    sum(net_amount) filter (where state = 'confirmed') as confirmed,
    sum(net_amount) filter (where state = 'invoiced') as invoiced,
    sum(net_amount) filter (where state = 'credited') as credited
  from b join invoicing_charge h on h.booking_id = b.id
  group by grouping sets ((year, kind), (year, kind, course_id), (year, kind, agency_id))
),
answer_figures as (
  select e.year, e.kind, e.course_id, count(*) as responses, avg(a.before) as before, avg(a.now) as now,
    count(*) filter (where a.now > a.before) as improved, count(*) filter (where a.now = a.before) as same,
    count(*) filter (where a.now < a.before) as lower
  from e join evaluations_response r on r.event_id = e.id
  join evaluations_questionnaire q on q.id = r.questionnaire_id and q.stage = 'after'
  cross join lateral (select (r.answers ->> 'before')::numeric as before, (r.answers ->> 'now')::numeric as now) a
  where e.delivered and e.kind = 'training' and e.ends_at <= %(evaluated_until)s
  group by grouping sets ((e.year, e.kind), (e.year, e.kind, e.course_id))
),
cuts as (
  select year, kind, null::bigint as course_id, null::bigint as agency_id, kind as cut, '' as code, kind as name
  from (values (0), (1)) y (year), (values ('training'), ('conference'), ('e-learning')) k (kind)
  union all
  select year, 'training', id, null, 'course', code, title from (values (0), (1)) y (year), training_course
    where delivery not in ('conference', 'e-learning')
  union all
  select year, 'training', null, id, 'agency', reference, name from (values (0), (1)) y (year), people_agency
)
select cuts.year, cut, code, name,
  coalesce(events, 0) as events_delivered, coalesce(cancelled, 0) as events_cancelled,
  coalesce(in_house, 0) as events_in_house, coalesce(places, 0) as places_offered,
  coalesce(ef.first_places, 0) as places_first_published, coalesce(attended, 0) as delegates_attended,
  round(100.0 * attended / places, 1) as utilisation, round(100.0 * used / places, 1) as capped_utilisation,
  coalesce(empty, 0) as empty_places,
  round(100.0 * (booked_came + booked_absent + booked_unknown + left_after_start) / places, 1) as fill_rate,
  coalesce(source_booked + source_substitute + source_moved_in, 0) as booked, coalesce(source_walk_in, 0) as walk_ins,
  coalesce(booked_absent, 0) as did_not_attend, coalesce(outcome_cancelled_in_time, 0) as early_cancellations,
  coalesce(outcome_cancelled_late, 0) as late_cancellations,
  round(100.0 * booked_came / nullif(booked_came + booked_absent, 0), 1) as show_up_rate,
  round(100.0 * booked_absent / nullif(booked_came + booked_absent, 0), 1) as dna_rate,
  round(100.0 * (booked_absent + outcome_cancelled_late)
    / nullif(booked_came + booked_absent + booked_unknown + outcome_cancelled_late, 0), 1) as late_loss,
  round(100.0 * outcome_cancelled_in_time / nullif(source_booked + source_substitute + source_moved_in, 0), 1)
    as early_cancellation_rate,
  round(100.0 * outcome_cancelled_late / nullif(source_booked + source_substitute + source_moved_in, 0), 1)
    as late_cancellation_rate,
  coalesce(on_cancelled_events, 0) as bookings_on_cancelled_events, coalesce(outcome_unknown, 0) as unknown_outcomes,
  round(100.0 * attended / nullif((
    select w.attended from booking_figures w
    where w.year = cuts.year and w.kind = 'training' and w.course_id is null and w.agency_id is null
  ), 0), 1) as share_of_attendance,
  coalesce(bf.people, 0) as people_trained, coalesce(repeated.people, 0) as repeat_non_attendance,
  round(coalesce(hours, 0) / 6, 1) as delegate_days,
  round(100.0 * mixed / nullif(open, 0), 1) as multi_agency_mix,
  round(largest_share::numeric, 1) as largest_agency_share,
  coalesce(df.people, 0) as unmet_demand, round(wait::numeric, 1) as median_wait,
  coalesce(charges, 0) as charges, coalesce(waived, 0) as charges_waived, coalesce(proposed, 0) as proposed_amount,
  coalesce(undecided, 0) as undecided_amount, coalesce(waived_amount, 0) as waived_amount,
  coalesce(exempt, 0) as waived_exempt_amount, coalesce(discretion, 0) as waived_discretion_amount,
  coalesce(mistake, 0) as waived_mistake_amount, coalesce(confirmed, 0) as confirmed_amount,
  coalesce(invoiced, 0) as invoiced_amount, coalesce(credited, 0) as credited_amount,
  case when cut = 'training' then coalesce((
    select sum(net_amount) from invoicing_invoice where state = 'issued'
      and financial_year = case cuts.year when 1 then %(this_code)s else %(before_code)s end
  ), 0) end as invoiced_in_year_amount,
  coalesce(responses, 0) as responses, round(100.0 * responses / nullif(asked, 0), 1) as response_rate,
  round(before, 2) as mean_before, round(now, 2) as mean_after, coalesce(improved, 0) as improved,
  coalesce(same, 0) as same, coalesce(lower, 0) as lower,
  coalesce(source_booked, 0) as source_booked, coalesce(source_substitute, 0) as source_substitute,
  coalesce(source_moved_in, 0) as source_moved_in, coalesce(source_walk_in, 0) as source_walk_in,
  coalesce(outcome_attended, 0) as outcome_attended, coalesce(outcome_part_attended, 0) as outcome_part_attended,
  coalesce(outcome_did_not_attend, 0) as outcome_did_not_attend,
  coalesce(outcome_cancelled_in_time, 0) as outcome_cancelled_in_time,
  coalesce(outcome_cancelled_late, 0) as outcome_cancelled_late,
  coalesce(outcome_substituted_out, 0) as outcome_substituted_out, coalesce(outcome_moved_out, 0) as outcome_moved_out,
  coalesce(outcome_event_cancelled, 0) as outcome_event_cancelled, coalesce(outcome_unknown, 0) as outcome_unknown,
  case when cut = 'conference' then (
    select json_agg(json_build_array(e.id, coalesce(conference_figures.people, 0),
      (select json_agg(json_build_array(w.title, w.places, (
        select count(*) from bookings_workshopchoice wc
        join bookings_booking b on b.id = wc.booking_id and b.outcome in ('attended', 'part-attended')
        where wc.workshop_id = w.id)) order by w.title) from training_workshop w where w.event_id = e.id)))
    from e left join conference_figures on conference_figures.event_id = e.id
    where e.year = cuts.year and e.kind = 'conference' and e.delivered
  ) end as conferences
from cuts
left join booking_figures bf on (bf.year, bf.kind) = (cuts.year, cuts.kind)
  and bf.course_id is not distinct from cuts.course_id and bf.agency_id is not distinct from cuts.agency_id
left join event_figures ef on (ef.year, ef.kind) = (cuts.year, cuts.kind)
  and ef.course_id is not distinct from cuts.course_id and cuts.agency_id is null
left join demand_figures df on (df.year, df.kind) = (cuts.year, cuts.kind)
  and df.course_id is not distinct from cuts.course_id and cuts.agency_id is null
left join charge_figures cf on (cf.year, cf.kind) = (cuts.year, cuts.kind)
  and cf.course_id is not distinct from cuts.course_id and cf.agency_id is not distinct from cuts.agency_id
left join answer_figures af on (af.year, af.kind) = (cuts.year, cuts.kind)
  and af.course_id is not distinct from cuts.course_id and cuts.agency_id is null
left join repeated on (repeated.year, repeated.kind) = (cuts.year, cuts.kind)
  and cuts.course_id is null and cuts.agency_id is null
order by cuts.year desc, cut, name
"""
