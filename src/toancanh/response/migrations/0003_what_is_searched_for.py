from django.db import migrations, models

from toancanh.kernel.vietnamese import fold

BATCH = 1000


def fold_incidents(apps, schema_editor):
    incidents = apps.get_model("response", "Incident").objects.order_by("pk")
    kept = []
    for each in incidents.only("pk", "code", "title", "address", "reporter").iterator(chunk_size=BATCH):
        each.sought = fold(" ".join((each.code, each.title, each.address, each.reporter)))
        kept.append(each)
        if len(kept) == BATCH:
            incidents.bulk_update(kept, ["sought"])
            kept = []
    incidents.bulk_update(kept, ["sought"])


class Migration(migrations.Migration):
    dependencies = [("response", "0002_incident_by_opening")]
    operations = [
        migrations.AddField(
            model_name="incident",
            name="sought",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.AddField(
            model_name="shiftentry",
            name="words_en",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.RunPython(fold_incidents, migrations.RunPython.noop),
    ]
