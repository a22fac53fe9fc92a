from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("response", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["opened_at"], name="incident_by_opening"),
        ),
    ]
