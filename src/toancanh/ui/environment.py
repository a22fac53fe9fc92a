"""The Jinja2 environment of every page: autoescape, strict about unknown names, and the small vocabulary of templates.

Settings name `toancanh.ui.environment.build` as the environment of Django's Jinja2 backend, with DIRS = `template_folders()`.
Templates know: t(vi, en), tx(text), part(view, variant=""), draw(name, view), icon(name), shape(kind), logo(), static(name),
url(name, ...), lang(), formats.* (number, percent, day, clock ...), state_words(state).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toancanh.ui import drawing, formats, icons, language
from toancanh.ui.assets.manifest import static

PACKAGE = Path(__file__).parent.parent


def template_folders() -> list[Path]:
    """The templates folder of every room that has one."""
    return sorted(p for p in PACKAGE.glob("*/templates") if p.is_dir())


def build(**options: Any) -> Environment:
    """The environment; `options` are those of Django's backend and win only where they do not weaken the rules."""
    options.setdefault("loader", FileSystemLoader([str(p) for p in template_folders()]))
    options |= {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    options.pop("autoescape", None)
    environment = Environment(**options, autoescape=True)
    environment.globals.update(
        t=language.t, tx=language.tx, lang=language.current, formats=formats, static=static, url=_url,
        icon=icons.icon, shape=icons.shape, logo=icons.logo, part=drawing.drawer(environment),
        draw=lambda name, view: drawing.GEOMETRY[name](view),
        state_words=lambda state: language.tx(drawing.WORDS[state]),
        BLANK=drawing.BLANK, STATE_SHAPES=drawing.SHAPES,
    )
    environment.filters.update(number=formats.number, percent=formats.percent, day=formats.day, clock=formats.clock)
    return environment


def _url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named page."""
    from django.urls import reverse

    return reverse(name, args=args or None, kwargs=kwargs or None)
