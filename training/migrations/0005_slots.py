"""Workshops of a conference say when they are: a delegate takes one of each."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0004_joining'),
    ]

    operations = [
        migrations.AddField(
            model_name='workshop',
            name='slot',
            field=models.CharField(blank=True, db_default='', max_length=60),
        ),
    ]
