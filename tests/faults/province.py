"""Prepares a small centre in the data folder of the environment: the sample places and agencies, one source, a signed-in leader.

Run: TOANCANH_DATA=folder python -m tests.faults.province. Writes doors.json into the folder: {"key", "session"}.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from importlib import import_module

SOURCE, DATASETS = "one_stop", ("dossiers", "air_hourly", "air_stations", "socio_economic_figures")
DOORS = "doors.json"
PASSWORD = "mot-cau-rat-dai-de-nho"  # of the leader


def main() -> None:
    """Migrate, then make what the clients need."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toancanh.site.settings")
    import django

    django.setup()
    from django.conf import settings

    from toancanh.site.preparation import prepare_databases

    prepare_databases()
    made = {"key": make_source(), "session": signed_in_leader()}
    (settings.DATA / DOORS).write_text(json.dumps(made))


def make_source() -> str:
    """Minh Sơn with its communes and agencies, and the key of a source that sends every dataset."""
    from toancanh.intake import services
    from toancanh.kernel.text import Text
    from toancanh.people.actors import SYSTEM
    from toancanh.site.sample import agencies, places
    from toancanh.site.sample_load import _unit
    from toancanh.units.services import put_units

    put_units(SYSTEM, [_unit(each) for each in (*places.units(), *agencies.agencies())])
    form = services.SourceForm(
        code=SOURCE, title=Text("Một cửa", "One stop"), datasets=DATASETS, cadence=timedelta(minutes=15), owner="agency:MS-VP"
    )
    return services.make_key(SYSTEM, services.make_source(SYSTEM, form))


def signed_in_leader() -> str:
    """The session key of a leader."""
    from django.conf import settings
    from django.contrib.auth import login
    from django.http import HttpRequest

    from toancanh.people import services
    from toancanh.people.actors import SYSTEM

    profile = services.Profile(full_name="Nguyễn Thu Hà")
    user = services.create_user(SYSTEM, "lanhdao", PASSWORD, "leader", profile, temporary=False)
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user)
    request.session.save()
    return str(request.session.session_key)


if __name__ == "__main__":
    main()
