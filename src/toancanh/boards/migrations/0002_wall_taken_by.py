from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("boards", "0001_initial")]
    operations = [
        migrations.AddField(model_name="wall", name="taken_by", field=models.BigIntegerField(blank=True, null=True)),
    ]
