from django.db import migrations, models

OPEN = models.Q(closed_at__isnull=True)


class Migration(migrations.Migration):
    dependencies = [("response", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="incident", name="incident_queue"),
        migrations.RemoveIndex(model_name="incident", name="incident_of_mine"),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(condition=OPEN, fields=["next_due_at", "id"], name="incident_queue"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(condition=OPEN, fields=["taken_by", "next_due_at"], name="incident_of_mine"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["opened_at"], name="incident_by_opening"),
        ),
    ]
