"""What is known outside of an alert: whether people were told, whether the other rooms know of its end; and alerts by their end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial"), ("watch", "0001_initial")]

    operations = [
        migrations.AddField("alert", "end_told", models.BooleanField(default=True)),
        migrations.AddField("alert", "firing_since", models.DateTimeField(null=True)),
        migrations.AddField("alert", "told", models.BooleanField(default=True)),  # of the alerts that are there already
        migrations.AlterField("alert", "told", models.BooleanField(default=False)),
        migrations.AddIndex("alert", models.Index(condition=models.Q(end_told=False), fields=["id"], name="alert_end_not_told")),
        migrations.AddIndex("alert", models.Index(fields=["-cleared_at"], name="alert_by_end")),
    ]
