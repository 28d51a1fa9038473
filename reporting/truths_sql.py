"""The truths' names, sentences and statements; each statement gives the references of what breaks it."""

PLACES = {
    "event_places": (
        "An event holds no more than its places and its recorded overbooking",
        """
        select e.reference from training_event e
        join (
          select event_id, 1 as places from bookings_booking
            where (state in ('confirmed', 'offered') or keeps_place) and source <> 'walk-in'
          union all select event_id, places from bookings_reservation where released_at is null
          union all select event_id, count(distinct booking_id) from bookings_makeup
            where ended_at is null group by event_id
        ) held on held.event_id = e.id
        group by e.id having sum(held.places) > e.places + e.overbooking
        """,
    ),
    "overbooking_reason": (
        "Overbooking says why",
        "select reference from training_event where overbooking > 0 and overbooking_reason = ''",
    ),
    "workshop_places": (
        "A workshop holds no more than its places and its recorded overbooking",
        """
        select e.reference from training_workshop w join training_event e on e.id = w.event_id
        join bookings_workshopchoice c on c.workshop_id = w.id
        join bookings_booking b on b.id = c.booking_id and (b.state in ('confirmed', 'offered') or b.keeps_place)
          and b.source <> 'walk-in'
        group by w.id, e.id having count(*) > w.places + w.overbooking
        """,
    ),
    "one_live_booking": (
        "A delegate has one live booking on an event",
        """
        select b.reference from bookings_booking b join bookings_booking other
        on other.event_id = b.event_id and other.delegate_id = b.delegate_id and other.id <> b.id
        where b.state <> 'cancelled' and other.state <> 'cancelled'
        """,
    ),
    "no_booking_outlives_its_event": (
        "No booking on a cancelled event is live",
        """
        select b.reference from bookings_booking b join training_event e on e.id = b.event_id
        where e.state in ('cancelled', 'abandoned') and b.state <> 'cancelled'
        """,
    ),
    "offers_live": (
        "A place is offered exactly while an offer lives, and none lives on an hour past its end",
        """
        select b.reference from bookings_booking b where (b.state = 'offered') <> exists (
          select from bookings_offer o where o.booking_id = b.id and o.ended_at is null)
        union all
        select b.reference from bookings_offer o join bookings_booking b on b.id = o.booking_id
        where o.ended_at is null and o.ends_at < now() - interval '1 hour'
        """,
    ),
    "approvals_open": (
        "A booking awaits approval exactly while it is undecided, and nobody is asked an hour past the end",
        """
        select b.reference from bookings_booking b where (b.state = 'requested') <> exists (
          select from bookings_approval a where a.booking_id = b.id and a.decided_at is null)
        union all
        select b.reference from bookings_approval a join bookings_booking b on b.id = a.booking_id
        where a.decided_at is null and a.ends_at < now() - interval '1 hour'
        """,
    ),
    "belongs_to_its_event": (
        "Workshops chosen and marks belong to the event booked, or to a session made up elsewhere",
        """
        select b.reference from bookings_booking b
        join bookings_workshopchoice c on c.booking_id = b.id
        join training_workshop w on w.id = c.workshop_id and w.event_id <> b.event_id
        union all
        select b.reference from bookings_booking b join bookings_mark m on m.booking_id = b.id
        join training_session s on s.id = m.session_id and s.event_id <> b.event_id
        where not exists (select from bookings_makeup u where u.booking_id = b.id and u.session_id = s.id)
        """,
    ),
}

TIMES = {
    "session_times": (
        "A session ends after it starts",
        """
        select e.reference from training_session s join training_event e on e.id = s.event_id
        where s.ends_at <= s.starts_at
        """,
    ),
    "event_times": (
        "An event starts with its first session and ends with its last",
        """
        select e.reference from training_event e left join training_session s on s.event_id = e.id
        group by e.id having (e.starts_at, e.ends_at) is distinct from (min(s.starts_at), max(s.ends_at))
        """,
    ),
    "one_place_at_a_time": (
        "A room and a trainer are in one place at a time",
        """
        select e.reference from training_session a join training_event e on e.id = a.event_id
        join training_session b on b.room_id = a.room_id and b.id <> a.id
        and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
        where a.ends_at > a.starts_at and b.ends_at > b.starts_at
        and not a.is_cancelled and not b.is_cancelled and a.room_override = '' and b.room_override = ''
        union all
        select e.reference from training_sessiontrainer a join training_session s on s.id = a.session_id
        join training_event e on e.id = s.event_id
        join training_sessiontrainer b on b.trainer_id = a.trainer_id and b.id <> a.id
        and a.starts_at < b.ends_at and b.starts_at < a.ends_at
        where not a.is_cancelled and not b.is_cancelled and a.override = '' and b.override = ''
        """,
    ),
}

OUTCOMES = {
    "cancelled_says_when": (
        "What is cancelled says when and by whom",
        """
        select reference from bookings_booking b where state = 'cancelled' and (
          cancelled_at is null or received_at is null or (cancelled_by_id is null and imported_at is null
            and not exists (select from bookings_offer o where o.booking_id = b.id and o.how = 'lapsed')
            and not exists (select from bookings_approval a where a.booking_id = b.id
              and (a.decision = 'lapsed' or a.decision = 'declined' and a.email <> ''))))
        union all
        select reference from training_event where state in ('cancelled', 'abandoned') and cancelled_at is null
        """,
    ),
    "placed_since": (
        "Who holds a place says since when",
        """
        select reference from bookings_booking
        where state = 'confirmed' and placed_at is null
        or state in ('waiting', 'requested', 'offered') and placed_at is not null
        """,
    ),
    "outcome_fits": (
        "How a booking ended fits its state",
        """
        select reference from bookings_booking where
          state in ('waiting', 'requested', 'offered') and outcome is not null
          or state = 'confirmed' and outcome not in ('attended', 'part-attended', 'did-not-attend')
          or state = 'cancelled' and (placed_at is null) <> (outcome is null)
          or state = 'cancelled' and outcome in ('attended', 'part-attended', 'did-not-attend')
          or state not in ('waiting', 'requested', 'offered', 'confirmed', 'cancelled')
        """,
    ),
    "outcome_after_closed_register": (
        "Who came or not is known only from closed registers",
        """
        select b.reference from bookings_booking b
        left join training_session s on s.event_id = b.event_id
        left join bookings_register r on r.session_id = s.id
        where b.outcome in ('attended', 'part-attended', 'did-not-attend') and r.closed_at is null
        """,
    ),
    "ledger_identity": (
        "Bookings of all sources are as many as their outcomes, unknown included",
        """
        select reference from bookings_booking where placed_at is not null and (
          source not in ('booked', 'substitute', 'moved-in', 'walk-in')
          or outcome not in ('attended', 'part-attended', 'did-not-attend', 'cancelled-in-time', 'cancelled-late',
            'substituted-out', 'moved-out', 'event-cancelled'))
        """,
    ),
    "replaced_is_out": (
        "Who takes over a booking takes it from one that is substituted or moved out, or was moved too late",
        """
        select b.reference from bookings_booking b left join bookings_booking r on r.id = b.replaces_id
        where b.source in ('substitute', 'moved-in') and (
          r.outcome is distinct from (case b.source when 'substitute' then 'substituted-out' else 'moved-out' end)
            and (b.source = 'substitute' or r.outcome is distinct from 'cancelled-late')
          or b.source = 'substitute' and r.event_id <> b.event_id)
        """,
    ),
}

MONEY = {
    "charge_under_its_policy": (
        "A charge has a tariff of the policy that its booking was made under",
        """
        select c.reference from invoicing_charge c join bookings_booking b on b.id = c.booking_id
        left join bookings_tariff t on t.id = c.tariff_id
        left join bookings_chargingpolicy p on p.id = t.policy_id
        where p.id is null or p.id is distinct from b.policy_id or t.reason <> c.reason
        """,
    ),
    "charged_once": (
        "A booking is charged once for one reason, and a delegate once for one event",
        """
        select c.reference from invoicing_charge c join invoicing_charge other
        on other.booking_id = c.booking_id and other.reason = c.reason and other.id <> c.id
        where c.state <> 'credited' and other.state <> 'credited'
        union
        select unnest(array_agg(c.reference)) from invoicing_charge c join bookings_booking b on b.id = c.booking_id
        where c.state not in ('waived', 'credited') group by b.event_id, b.delegate_id having count(*) > 1
        """,
    ),
    "money_is_not_negative": (
        "No sum is negative",
        """
        select reference from invoicing_charge where net_amount < 0 or vat_amount < 0
        union all
        select coalesce(reference, 'draft ' || id) from invoicing_invoice where net_amount < 0 or vat_amount < 0
        """,
    ),
    "invoiced_is_on_an_invoice": (
        "A charge is invoiced exactly when it is on an issued invoice, for the same sum",
        """
        select c.reference from invoicing_charge c
        left join invoicing_invoiceline l on l.charge_id = c.id
        left join invoicing_invoice i on i.id = l.invoice_id and i.state = 'issued'
        where (c.state in ('invoiced', 'credited')) <> (i.id is not null)
        or i.id is not null and (l.net_amount, l.vat_amount) is distinct from (c.net_amount, c.vat_amount)
        """,
    ),
    "credited_by_a_credit_note": (
        "A charge is credited exactly when a credit note takes back its line of an issued invoice",
        """
        select c.reference from invoicing_charge c
        left join invoicing_invoiceline l on l.charge_id = c.id
        left join invoicing_creditnote n on n.line_id = l.id
        where (c.state = 'credited') <> (n.id is not null)
        """,
    ),
    "invoice_numbers": (
        "Numbers of invoices and of credit notes are used once, without a gap, up to the last one given",
        """
        select n.series || ' ' || n.financial_year as reference from (
          select series, financial_year, count(*) as n, count(distinct number) as different, max(number) as last
          from (
            select series, financial_year, number from invoicing_invoice where state = 'issued'
            union all
            select series, financial_year, number from invoicing_creditnote
          ) as documents group by series, financial_year
        ) n left join invoicing_numberseries s using (series, financial_year)
        where n.n <> n.last or n.different <> n.last or s.last_number is distinct from n.last
        union all
        select s.series || ' ' || s.financial_year from invoicing_numberseries s
        where s.last_number > 0 and not exists (
          select from invoicing_invoice i where i.series = s.series and i.financial_year = s.financial_year
        ) and not exists (
          select from invoicing_creditnote n where n.series = s.series and n.financial_year = s.financial_year)
        """,
    ),
    "invoice_adds_up": (
        "An issued invoice has lines, and their sums are its own",
        """
        select i.reference from invoicing_invoice i left join invoicing_invoiceline l on l.invoice_id = i.id
        where i.state = 'issued' group by i.id
        having count(l.id) = 0 or (sum(l.net_amount), sum(l.vat_amount)) is distinct from (i.net_amount, i.vat_amount)
        """,
    ),
}

WORK = {
    "role_not_to_oneself": (
        "Nobody gave a role to themselves",
        """
        select p.reference from people_rolegrant g join people_person p on p.id = g.person_id
        where g.given_by_id = g.person_id
        """,
    ),
    "work_is_taken_up": (
        "No message or job is in the hands of a worker that ended an hour ago",
        """
        select key as reference from outbox_message
        where state = 'waiting' and claimed_until < now() - interval '1 hour'
        union all
        select key from outbox_job where state = 'waiting' and claimed_until < now() - interval '1 hour'
        """,
    ),
    "work_that_ended_says_when": (
        "A message or job has a time of ending exactly when it has ended",
        """
        select key as reference from outbox_message where (state in ('waiting', 'held')) <> (finished_at is null)
        union all
        select key from outbox_job where (state in ('waiting', 'held')) <> (finished_at is null)
        """,
    ),
}

# What contradicts itself here would contradict itself in the report.
OF_THE_REPORT = frozenset(OUTCOMES | MONEY)
TRUTHS: dict[str, tuple[str, str]] = PLACES | TIMES | OUTCOMES | MONEY | WORK
