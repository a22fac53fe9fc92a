"""Start-up: the packs are put on the shelf and the wiring table is set, once per process."""

from __future__ import annotations

import gc
import importlib

from django.apps import AppConfig

ACTS_OF = (
    "units.loading", "people.administration", "notify", "intake", "indicators", "watch", "response", "boards.acting",
    "boards.wall",
)  # fmt: skip


class SiteConfig(AppConfig):
    """The place that knows everyone."""

    name = "toancanh.site"
    label = "site"

    def ready(self) -> None:
        from toancanh.audit import numbers, words
        from toancanh.jobs.events import wire
        from toancanh.kernel.registry import registry
        from toancanh.notify.arranging import calendar
        from toancanh.response.directing.calendar import deadlines_of
        from toancanh.response.queries.by_code import subjects
        from toancanh.response.queries.outcomes import of_alert
        from toancanh.site.packs import discover
        from toancanh.site.wiring import WIRING
        from toancanh.watch import outcomes

        registry.install(discover())
        wire(WIRING)
        calendar.register(deadlines_of)
        outcomes.register(of_alert)
        numbers.register(subjects)
        for room in ACTS_OF:
            told = importlib.import_module(f"toancanh.{room}.acts")
            words.learn(told.ROOM, told.ACTS, told.SUBJECTS)
            words.learn_details(getattr(told, "DETAILS", {}))
        gc.freeze()  # what is loaded now stays for good
