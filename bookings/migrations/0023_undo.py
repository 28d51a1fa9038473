"""What a delegate needs stays for the minutes in which a cancelled booking can be brought back."""

from django.db import migrations

GOES = """
drop trigger need_goes_with_its_booking on bookings_booking;
create trigger need_goes_with_its_booking after update of state on bookings_booking
  for each row when (
    new.state = 'cancelled' and old.state <> 'cancelled'
    and (new.cancelled_by_id is null or new.outcome in ('substituted-out', 'moved-out', 'event-cancelled'))
  ) execute function bookings_need_goes();
"""
UNDO = """
drop trigger need_goes_with_its_booking on bookings_booking;
create trigger need_goes_with_its_booking after update of state on bookings_booking
  for each row when (new.state = 'cancelled' and old.state <> 'cancelled') execute function bookings_need_goes();
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0022_policy_pages")]

    operations = [migrations.RunSQL(GOES, UNDO)]
