"""What trainers are to be told: that the sessions they give changed."""

import django.db.models.deletion
from django.db import migrations, models

# What a trainer gives of an event. Its times are in UTC and without a zone, so that every connection makes the same of them.
NOTED = """
create function training_given_by(given bigint, giver bigint) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(
    jsonb_build_object(
      'starts_at', s.starts_at at time zone 'UTC', 'ends_at', s.ends_at at time zone 'UTC', 'room', s.room_id
    ) order by s.starts_at, s.id
  ), '[]')
  from training_session s join training_sessiontrainer p on p.session_id = s.id
  where s.event_id = given and p.trainer_id = giver and not s.is_cancelled
$$;

-- Before the row changes: what is read here is how it was. Of a draft who was asked has been told when it is, and nobody
-- else. Who is put on is first noted with nothing; what is changed in a later transaction is a change to them.
create function training_note_trainer_change(changed bigint, giver bigint) returns void language sql as $$
  insert into training_trainerchange as noted (event_id, trainer_id, was, changed_at)
    select e.id, giver, training_given_by(e.id, giver), clock_timestamp()
    from training_session s join training_event e on e.id = s.event_id
    where s.id = changed and s.ends_at > now() and (e.state <> 'draft' or exists (
      select from training_trainerinvitation i
      where i.event_id = e.id and i.trainer_id = giver and i.state in ('asked', 'accepted')
    ))
  on conflict (event_id, trainer_id) where told_at is null do update set
    changed_at = excluded.changed_at,
    was = case when noted.was = '[]' and noted.changed_at < now() then excluded.was else noted.was end
$$;

create function training_session_changes() returns trigger language plpgsql as $$
begin
  perform training_note_trainer_change(old.id, trainer_id)
    from training_sessiontrainer where session_id = old.id order by trainer_id;
  return new;
end $$;

create function training_trainers_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform training_note_trainer_change(new.session_id, new.trainer_id);
    return new;
  end if;
  perform training_note_trainer_change(old.session_id, old.trainer_id);
  return case tg_op when 'DELETE' then old else new end;
end $$;

create trigger what_a_trainer_gives_is_noted_session before update on training_session for each row
  when ((old.starts_at, old.ends_at, old.room_id, old.is_cancelled)
    is distinct from (new.starts_at, new.ends_at, new.room_id, new.is_cancelled))
  execute function training_session_changes();
create trigger what_a_trainer_gives_is_noted_sessions before insert or delete on training_sessiontrainer for each row
  execute function training_trainers_change();
create trigger what_a_trainer_gives_is_noted_trainer before update on training_sessiontrainer for each row
  when ((old.session_id, old.trainer_id) is distinct from (new.session_id, new.trainer_id))
  execute function training_trainers_change();
"""
UNDO = """
drop trigger what_a_trainer_gives_is_noted_session on training_session;
drop trigger what_a_trainer_gives_is_noted_sessions on training_sessiontrainer;
drop trigger what_a_trainer_gives_is_noted_trainer on training_sessiontrainer;
drop function training_session_changes();
drop function training_trainers_change();
drop function training_note_trainer_change(bigint, bigint);
drop function training_given_by(bigint, bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0013_tentative'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrainerChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was', models.JSONField()),
                ('changed_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trainer_changes', to='training.event')),
                ('trainer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='training.trainer')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('told_at', None)), fields=('event', 'trainer'), name='trainer_has_one_change_of_an_event_that_is_not_told')],
            },
        ),
        migrations.RunSQL(NOTED, UNDO),
    ]
