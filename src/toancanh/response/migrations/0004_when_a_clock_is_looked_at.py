"""When the clock of a record has something to tell next; routes may name the rule of an alert."""

from __future__ import annotations

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("response", "0003_what_is_searched_for")]
    operations = [
        migrations.AddField(
            model_name="clock",
            name="looks_at",
            field=models.DateTimeField(default=django.utils.timezone.now, null=True),
        ),
        migrations.AddField(
            model_name="route",
            name="rule",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(condition=models.Q(("stopped_at__isnull", True)), fields=["looks_at"], name="clock_to_look_at"),
        ),
    ]
