"""Certificates of attendance: made for who attended, and never changed, as what is printed says the code."""

import django.db.models.deletion
import django.utils.timezone
import people.references
from django.db import migrations, models


GUARDS = """
create function bookings_refuse_certificate() returns trigger language plpgsql as $$
begin
  if not exists (select from bookings_booking where id = new.booking_id and outcome = 'attended') then
    raise exception 'the delegate of booking % has not attended', new.booking_id
      using errcode = 'check_violation', constraint = 'certificate_is_made_for_who_attended',
        table = 'bookings_certificate';
  end if;
  return new;
end $$;
create trigger certificate_is_made_for_who_attended before insert on bookings_certificate
  for each row execute function bookings_refuse_certificate();

create function bookings_refuse_certificate_change() returns trigger language plpgsql as $$
begin
  raise exception 'certificate % cannot be changed', old.code
    using errcode = 'check_violation', constraint = 'certificate_never_changes', table = 'bookings_certificate';
end $$;
create trigger certificate_never_changes before update on bookings_certificate
  for each row execute function bookings_refuse_certificate_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0006_telling'),
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=people.references.new_reference, editable=False, max_length=12, unique=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='certificate', to='bookings.booking')),
            ],
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
