from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from platforms.errors import NameTaken, NoShortName
from platforms.management.arguments import day, web_address
from platforms.management.printing import print_new_key
from platforms.models import Platform, PlatformKey
from platforms.services import add_platform

_FACTS = (
    "name",
    "scopes",
    "operator",
    "contact",
    "acts",
    "own_report_url",
    "agreed_on",
    "expires_on",
)


class Command(BaseCommand):
    help = "Let a platform take part, and print its key. The key is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument(
            "--scope",
            action="append",
            required=True,
            choices=PlatformKey.Scope.values,
            dest="scopes",
            help="What the key may do; give it again for each scope.",
        )
        parser.add_argument("--operator", default="", help="Who runs the platform, if it is not its own.")
        parser.add_argument("--contact", default="", help="Whom to call about a match.")
        parser.add_argument(
            "--acts",
            choices=Platform.Acts.values,
            default=Platform.Acts.ON_FINGERPRINTS,
            help="Where it looks for copies; reporters are told.",
        )
        parser.add_argument(
            "--report-url",
            type=web_address,
            default="",
            dest="own_report_url",
            help="Its own page for reports, to which reporters are led too.",
        )
        parser.add_argument("--agreed-on", type=day, help="The agreement's date.")
        parser.add_argument("--expires-on", type=day, help="The agreement's last day.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, as_json: bool, **options: Any) -> None:
        begins = max(timezone.now().date(), options["agreed_on"] or date.min)
        if options["expires_on"] and options["expires_on"] < begins:
            raise CommandError(f"--expires-on is before {begins}: the key would open nothing.")
        try:
            new = add_platform(**{name: options[name] for name in _FACTS})
        except NameTaken:
            raise CommandError(
                f"{options['name']} takes part already. For another key: manage.py platform_rotate SLUG"
            ) from None
        except NoShortName:
            raise CommandError("The name needs at least one Latin letter or digit.") from None
        print_new_key(self.stdout, new, as_json=as_json)
