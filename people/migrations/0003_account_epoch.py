"""An account's epoch counts up when somebody loses something, whoever changes the rows: its sessions end with it."""

from django.db import migrations, models

EPOCH = """
create function people_end_sessions(account bigint) returns void language sql as $$
  update people_account set epoch = epoch + 1 where id = account
$$;

-- What was read before the count went up must not be written back with the rest of the row, so it never goes down.
create function people_account_changed() returns trigger language plpgsql as $$
begin
  if new.password <> old.password or (old.is_active and not new.is_active) then
    new.epoch := greatest(old.epoch, new.epoch) + 1;
  else
    new.epoch := greatest(old.epoch, new.epoch);
  end if;
  return new;
end $$;
create trigger account_lost_ends_sessions before update on people_account
  for each row execute function people_account_changed();

create function people_person_gone() returns trigger language plpgsql as $$
begin
  perform people_end_sessions(old.account_id);
  return null;
end $$;
create trigger person_deleted_ends_sessions after delete on people_person
  for each row when (old.account_id is not null) execute function people_person_gone();
create trigger person_gone_ends_sessions after update of account_id, left_on on people_person
  for each row when (
    old.account_id is not null
    and (new.account_id is distinct from old.account_id or (old.left_on is null and new.left_on is not null)))
  execute function people_person_gone();

-- As people/models/person.py: a grant is in force on the days from starts_on to ends_on, in our time zone.
create function people_role_gone() returns trigger language plpgsql as $$
declare
  today date := (now() at time zone 'Europe/London')::date;
begin
  if old.starts_on > today or coalesce(old.ends_on < today, false) then
    return null;
  end if;
  if tg_op = 'UPDATE' then
    if (new.person_id, new.role, coalesce(new.agency_id, 0)) = (old.person_id, old.role, coalesce(old.agency_id, 0))
       and new.starts_on <= today and not coalesce(new.ends_on < today, false) then
      return null;
    end if;
  end if;
  perform people_end_sessions(account_id) from people_person where id = old.person_id and account_id is not null;
  return null;
end $$;
create trigger role_deleted_ends_sessions after delete on people_rolegrant
  for each row execute function people_role_gone();
create trigger role_ended_ends_sessions after update on people_rolegrant
  for each row execute function people_role_gone();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_guards")]

    operations = [
        migrations.AddField("account", "epoch", models.PositiveIntegerField(default=0, editable=False)),
        migrations.RunSQL(EPOCH, migrations.RunSQL.noop),
    ]
