"""No answer comes after the close (tests/evaluations/test_guards.py breaks it by SQL)."""

from django.db import migrations

# Results are shown from the close on: one more answer would show itself as the difference.
CLOSED = """
create function evaluations_refuse_late_response() returns trigger language plpgsql as $$
begin
  if exists (select 1 from evaluations_evaluation where event_id = new.event_id and closes_at <= now()) then
    raise exception 'the evaluation of event % is closed', new.event_id
      using errcode = 'check_violation', constraint = 'response_comes_before_the_close',
        table = 'evaluations_response';
  end if;
  return new;
end $$;

create trigger response_comes_before_the_close before insert or update on evaluations_response
  for each row execute function evaluations_refuse_late_response();
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0003_asking")]

    operations = [migrations.RunSQL(CLOSED, migrations.RunSQL.noop)]
