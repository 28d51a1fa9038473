"""A published questionnaire does not change, nor do its questions (tests/evaluations/test_guards.py breaks it by SQL)."""

from django.db import migrations

PUBLISHED = """
create function evaluations_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'questionnaire % is published and cannot be changed or deleted: make its next version', old.id
    using errcode = 'check_violation', constraint = 'questionnaire_published_never_changes',
      table = 'evaluations_questionnaire';
end $$;

create trigger questionnaire_published_never_changes before update or delete on evaluations_questionnaire
  for each row when (old.published_at is not null) execute function evaluations_refuse_change();

create function evaluations_refuse_question_change() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from evaluations_questionnaire where published_at is not null and id in (
      case when tg_op <> 'INSERT' then old.questionnaire_id end,
      case when tg_op <> 'DELETE' then new.questionnaire_id end)
  ) then
    raise exception 'questions of a published questionnaire cannot be added, changed or deleted'
      using errcode = 'check_violation', constraint = 'question_of_a_published_questionnaire_never_changes',
        table = 'evaluations_question';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger question_of_a_published_questionnaire_never_changes
  before insert or update or delete on evaluations_question
  for each row execute function evaluations_refuse_question_change();

create trigger questionnaire_is_never_emptied before truncate on evaluations_questionnaire
  for each statement execute function refuse_truncate();
create trigger question_is_never_emptied before truncate on evaluations_question
  for each statement execute function refuse_truncate();
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial"), ("people", "0002_guards")]

    operations = [migrations.RunSQL(PUBLISHED, migrations.RunSQL.noop)]
