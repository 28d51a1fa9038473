"""Published reports, and what no code path may break about them (tests/reporting/test_published_guards.py does, by SQL)."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

NEVER_CHANGES = """
create function reporting_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the report of %, revision %, is published and cannot be changed or deleted',
    old.financial_year, old.revision
    using errcode = 'check_violation', constraint = 'published_report_never_changes',
    table = 'reporting_publishedreport';
end $$;

create trigger published_report_never_changes before update or delete on reporting_publishedreport
  for each row execute function reporting_refuse_change();
create trigger reporting_publishedreport_is_never_emptied before truncate on reporting_publishedreport
  for each statement execute function refuse_truncate();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0009_kept_off_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('financial_year', models.CharField(max_length=7)),
                ('revision', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('counted_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('figures', models.JSONField()),
                ('definitions', models.JSONField()),
                ('definitions_version', models.CharField(max_length=12)),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('financial_year', 'revision'), name='report_revision_is_published_once'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('revision', 1)), models.Q(('revision__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='report_published_again_says_why'), models.CheckConstraint(condition=models.Q(('published_at__gte', models.F('counted_at'))), name='report_is_counted_before_it_is_published')],
            },
        ),
        migrations.RunSQL(NEVER_CHANGES, migrations.RunSQL.noop),
    ]
