"""Fails when a model has changed and no migration says so."""

from __future__ import annotations

import os


def main() -> int:
    """0 when the migrations are complete."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toancanh.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("makemigrations", check=True, dry_run=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
