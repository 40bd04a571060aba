from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_desk")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="sealed_pack",
            field=models.BinaryField(default=b""),
        ),
    ]
