from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RemoveField(model_name="walldevice", name="scenes")]
