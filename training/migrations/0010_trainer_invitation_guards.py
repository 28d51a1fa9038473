"""Who is asked or has agreed is on the event, whoever writes; and what was answered stays as it was answered."""

from django.db import migrations

GUARDS = """
-- At commit, as sessions are written anew with their trainers. Whoever takes a trainer off (a page, an import) need not
-- know of invitations.
create function training_withdraw_invitations() returns trigger language plpgsql as $$
begin
  update training_trainerinvitation i set state = 'withdrawn', answered_at = coalesce(i.answered_at, now())
    where i.trainer_id = old.trainer_id and i.state in ('asked', 'accepted') and not exists (
      select from training_sessiontrainer p join training_session s on s.id = p.session_id
      where p.trainer_id = i.trainer_id and s.event_id = i.event_id
    );
  return null;
end $$;

create constraint trigger invitation_ends_when_its_trainer_is_taken_off
  after delete or update of trainer_id, session_id on training_sessiontrainer deferrable initially deferred
  for each row execute function training_withdraw_invitations();

create function training_invitation_is_of_a_trainer() returns trigger language plpgsql as $$
begin
  if exists (
    select from training_trainerinvitation i where i.id = new.id and i.state in ('asked', 'accepted') and not exists (
      select from training_sessiontrainer p join training_session s on s.id = p.session_id
      where p.trainer_id = i.trainer_id and s.event_id = i.event_id
    )
  ) then
    raise exception 'trainer % is asked about event %, which they are not on', new.trainer_id, new.event_id
      using errcode = 'check_violation', constraint = 'who_is_asked_or_has_agreed_is_on_the_event',
        table = 'training_trainerinvitation';
  end if;
  return null;
end $$;

create constraint trigger who_is_asked_or_has_agreed_is_on_the_event
  after insert or update on training_trainerinvitation deferrable initially deferred
  for each row when (new.state in ('asked', 'accepted')) execute function training_invitation_is_of_a_trainer();

-- One answer: after it, only that the trainer was taken off.
create function training_answered_once() returns trigger language plpgsql as $$
begin
  if old.state = 'accepted' and (to_jsonb(new) || '{"state": "accepted"}') = to_jsonb(old) and new.state = 'withdrawn' then
    return new;
  end if;
  raise exception '% % is answered', tg_table_name, old.id
    using errcode = 'check_violation', constraint = tg_argv[0], table = tg_table_name;
end $$;

create trigger trainer_invitation_is_answered_once before update on training_trainerinvitation
  for each row when (old.state <> 'asked')
  execute function training_answered_once('trainer_invitation_is_answered_once');

create trigger volunteer_is_answered_once before update on training_volunteer
  for each row when (old.state <> 'open')
  execute function training_answered_once('volunteer_is_answered_once');
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0009_trainer_invitations")]

    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
