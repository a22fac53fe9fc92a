"""Start-up: the packs are put on the shelf and the wiring table is set, once per process."""

from __future__ import annotations

import gc

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The place that knows everyone."""

    name = "toancanh.site"
    label = "site"

    def ready(self) -> None:
        from toancanh.jobs.events import wire
        from toancanh.kernel.registry import registry
        from toancanh.notify import calendar
        from toancanh.response.directing.calendar import deadlines_of
        from toancanh.site.packs import discover
        from toancanh.site.wiring import WIRING

        registry.install(discover())
        wire(WIRING)
        calendar.register(deadlines_of)
        gc.freeze()  # what is loaded now stays for good
