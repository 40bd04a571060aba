from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platforms", "0002_webhooks_and_memberships")]

    operations = [
        migrations.AddField(
            model_name="webhookendpoint",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
    ]
