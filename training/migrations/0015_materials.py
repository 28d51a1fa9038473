"""Links that delegates are given before, on the day, and after."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0014_trainer_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Material',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('link', models.URLField(max_length=500)),
                ('when', models.CharField(choices=[('before', 'As soon as they have a place'), ('day', 'From the morning of the event'), ('after', 'When their attendance is confirmed')], max_length=6)),
                ('order', models.GeneratedField(db_persist=True, expression=models.Case(models.When(then=models.Value(1), when='before'), models.When(then=models.Value(2), when='day'), default=models.Value(3)), output_field=models.PositiveSmallIntegerField())),
                ('taken_away_at', models.DateTimeField(blank=True, null=True)),
                ('course', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='materials', to='training.course')),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='materials', to='training.event')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('course', None), ('event__isnull', False)), models.Q(('course__isnull', False), ('event', None)), _connector='OR'), name='material_is_of_a_course_or_of_an_event'), models.CheckConstraint(condition=models.Q(('when__in', ['before', 'day', 'after'])), name='material_says_when_it_is_given'), models.CheckConstraint(condition=models.Q(('link__regex', '^https?://[^\\s]+$')), name='material_link_is_a_web_address')],
            },
        ),
    ]
