"""What is arranged for a need: it holds for what was said then, and not for what is said since."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

SAID = """
create function bookings_need_said_anew() returns trigger language plpgsql as $$
begin
  -- Later than what was arranged for what they said before, whatever clocks say.
  new.said_at := greatest(clock_timestamp(), old.arranged_at + interval '1 microsecond');
  return new;
end $$;
create trigger need_said_anew_is_to_arrange before update of access, dietary on bookings_need
  for each row when ((old.access, old.dietary) is distinct from (new.access, new.dietary))
  execute function bookings_need_said_anew();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0015_departures'),
        ('people', '0008_merges'),
    ]

    operations = [
        migrations.AddField(
            model_name='need',
            name='arranged',
            field=models.TextField(blank=True, db_default=''),
        ),
        migrations.AddField(
            model_name='need',
            name='arranged_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='need',
            name='arranged_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.AddField(
            model_name='need',
            name='chairs',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='need',
            name='is_instead',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='need',
            name='said_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arranged', ''), ('arranged_at', None), ('arranged_by', None), ('chairs', 0), ('is_instead', False)), models.Q(models.Q(('arranged', ''), _negated=True), ('arranged_at__isnull', False), ('arranged_by__isnull', False)), _connector='OR'), name='need_arranged_says_what_when_and_by_whom'),
        ),
        migrations.RunSQL(SAID, migrations.RunSQL.noop),
    ]
