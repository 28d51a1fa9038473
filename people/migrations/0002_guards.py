"""Tables whose rows are never all thrown away at once: TRUNCATE passes row triggers, so it has one of its own."""

from django.db import migrations

# The test database alone says yes to the setting, so that tests can be cleaned up after.
REFUSE_TRUNCATE = """
create function refuse_truncate() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('turnout.may_truncate', true), '') <> 'yes' then
    raise exception '% may not be emptied', tg_table_name
      using errcode = 'check_violation', constraint = tg_table_name || '_is_never_emptied', table = tg_table_name;
  end if;
  return null;
end $$;

create trigger personhistory_is_never_emptied before truncate on people_personhistory
  for each statement execute function refuse_truncate();
create trigger rolegranthistory_is_never_emptied before truncate on people_rolegranthistory
  for each statement execute function refuse_truncate();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE_TRUNCATE, migrations.RunSQL.noop)]
