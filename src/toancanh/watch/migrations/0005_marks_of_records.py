"""Marks that single records of a dataset are to be looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("watch", "0004_versions_of_local_limits")]

    operations = [
        migrations.AddField("dirty", "dataset", models.CharField(blank=True, default="", max_length=64)),
        migrations.AlterField("dirty", "keys", models.JSONField(default=list)),
    ]
