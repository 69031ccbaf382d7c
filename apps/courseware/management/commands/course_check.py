from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.courseware.checks import check_folder


class Command(BaseCommand):
    help = "Reports every fault of a course's folder: file, line, what is wrong and what to do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the course's folder")
        parser.add_argument(
            "--fix", action="store_true", help="first rewrite the files in canonical form"
        )

    def handle(self, *_args: Any, path: Path, fix: bool, **_options: Any) -> None:
        if not path.is_dir():
            raise CommandError(_("%(path)s is not a folder.") % {"path": path})
        checked = check_folder(path)
        if fix:
            for name in checked.rewrite(path):
                self.stdout.write(_("Rewrote %(name)s.") % {"name": name})
            checked = check_folder(path)
        for fault in checked.faults:
            style = self.style.WARNING if fault.level == "advice" else self.style.ERROR
            self.stdout.write(style(f"{fault.level}: {fault}"))
        count = sum(fault.level != "advice" for fault in checked.faults)
        if count:
            raise CommandError(
                ngettext("%(count)s fault.", "%(count)s faults.", count) % {"count": count}
            )
        self.stdout.write(self.style.SUCCESS(_("No faults.")))
