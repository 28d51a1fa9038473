"""That an event is to be cancelled in some minutes, which can be stopped until then."""

import django.db.models.deletion
from django.db import migrations, models


# Whoever cancels it, a workbook too.
OFF = """
create function training_event_is_off() returns trigger language plpgsql as $$
begin
  new.to_cancel_at := null;
  new.to_cancel_by_id := null;
  new.to_cancel_reason := '';
  new.to_cancel_instead_id := null;
  return new;
end $$;

create trigger event_that_is_off_is_not_to_be_cancelled before update on training_event
  for each row when (new.state in ('cancelled', 'abandoned') and new.to_cancel_at is not null)
  execute function training_event_is_off();
"""
UNDO = """
drop trigger event_that_is_off_is_not_to_be_cancelled on training_event;
drop function training_event_is_off();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0009_kept_off_lists'),
        ('training', '0017_any_day_moved'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='to_cancel_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='event',
            name='to_cancel_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.AddField(
            model_name='event',
            name='to_cancel_instead',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.event'),
        ),
        migrations.AddField(
            model_name='event',
            name='to_cancel_reason',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('to_cancel_at', None), ('to_cancel_by', None), ('to_cancel_instead', None), ('to_cancel_reason', '')), models.Q(('state__in', ['draft', 'published']), ('to_cancel_at__isnull', False), ('to_cancel_by__isnull', False), models.Q(('to_cancel_reason', ''), _negated=True)), _connector='OR'), name='event_to_be_cancelled_says_why_and_by_whom'),
        ),
        migrations.RunSQL(OFF, UNDO),
    ]
