from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0007_booking_window")]

    operations = [
        migrations.AddField(
            model_name="course",
            name="added_to_messages",
            field=models.TextField(blank=True, db_default=""),
        ),
    ]
