"""Limits of single units become versions: what was set until now is the first of each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("watch", "0003_room_for_repeats")]

    operations = [
        migrations.RemoveConstraint("locallimit", "local_limit_once"),
        migrations.AddField("locallimit", "version", models.IntegerField(default=1)),
        migrations.AddField("locallimit", "follows_rule", models.BooleanField(default=False)),
        migrations.AddField("locallimit", "rule_version", models.IntegerField(null=True)),
        migrations.AddField("locallimit", "shape", models.JSONField(null=True)),
        migrations.AddConstraint(
            "locallimit", models.UniqueConstraint(fields=("rule", "unit", "version"), name="local_limit_version_once")
        ),
    ]
