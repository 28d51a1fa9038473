"""Access and dietary needs: they go with the booking's end, whoever ends it, and nobody adds any after it."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


GUARDS = """
create function bookings_need_goes() returns trigger language plpgsql as $$
begin
  delete from bookings_need where booking_id = new.id;
  return null;
end $$;
create trigger need_goes_with_its_booking after update of state on bookings_booking
  for each row when (new.state = 'cancelled' and old.state <> 'cancelled') execute function bookings_need_goes();

create function bookings_refuse_need() returns trigger language plpgsql as $$
begin
  if exists (select from bookings_booking where id = new.booking_id and state = 'cancelled') then
    raise exception 'booking % is cancelled', new.booking_id
      using errcode = 'check_violation', constraint = 'need_is_of_a_live_booking', table = 'bookings_need';
  end if;
  return new;
end $$;
create trigger need_is_of_a_live_booking before insert or update on bookings_need
  for each row execute function bookings_refuse_need();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0007_certificates'),
        ('people', '0007_joining'),
        ('training', '0005_slots'),
    ]

    operations = [
        migrations.CreateModel(
            name='NeedReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='need_readings', to='training.event')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='KeptNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('access', models.TextField(blank=True)),
                ('dietary', models.TextField(blank=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='kept_need', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('access', ''), _negated=True), models.Q(('dietary', ''), _negated=True), _connector='OR'), name='kept_need_says_something')],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('access', models.TextField(blank=True)),
                ('dietary', models.TextField(blank=True)),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='need', to='bookings.booking')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('access', ''), _negated=True), models.Q(('dietary', ''), _negated=True), _connector='OR'), name='need_says_something')],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
