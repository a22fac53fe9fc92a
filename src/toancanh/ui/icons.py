"""Line icons and status shapes, drawn inline so that they take the colour of the words beside them."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from toancanh.ui.assets.manifest import FOLDER

ICONS = {
    "home": "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
    "chart": "M3 20h18M6 16v-5M11 16V6M16 16v-8M20 7l-4-3-5 2-5 4",
    "stamp": "M4 5h16v14H4zM8 9h8M8 13h5",
    "heart": "M12 20s-8-4.8-8-10.4A4.5 4.5 0 0112 7a4.5 4.5 0 018 2.6C20 15.2 12 20 12 20zM12 10v5M9.5 12.5h5",
    "school": "M2 9l10-5 10 5-10 5zM6 11.5V17c3.5 2.6 8.5 2.6 12 0v-5.5M22 9v6",
    "traffic": "M9 3h6a2 2 0 012 2v14a2 2 0 01-2 2H9a2 2 0 01-2-2V5a2 2 0 012-2zM12 7v.1M12 12v.1M12 17v.1",
    "leaf": "M5 19c0-9 5-14 15-14 0 10-5 15-12 14M5 19c2-5 5-8 9-9",
    "air": "M3 9h11a3 3 0 10-3-3M3 13h15a3 3 0 11-3 3M3 17h6a2.5 2.5 0 11-2.5 2.5",
    "rain": "M7 15a4 4 0 01.4-8A5.5 5.5 0 0118 8.500 3.300 3.300 0 0117.500 15zM8 18l-1 3M12.500 18l-1 3M17 18l-1 3",
    "building": "M3 20h18M5 20V9l7-5 7 5v11M9 20v-6h6v6",
    "shield": "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2.2 2.2L15.5 10",
    "document": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "bell": "M6 17V11a6 6 0 0112 0v6l2 2H4zM10 21h4",
    "message": "M4 4h16v12H11l-5 4v-4H4zM8 9h8M8 12h5",
    "tasks": "M4 6l2 2 3-3M4 13l2 2 3-3M12 7h8M12 14h8M5 20h15",
    "camera": "M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10a3.5 3.5 0 110 7 3.5 3.5 0 010-7z",
    "source": "M4 6c0-3 16-3 16 0v12c0 3-16 3-16 0zM4 6c0 3 16 3 16 0M4 12c0 3 16 3 16 0",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "search": "M10.5 4a6.5 6.5 0 110 13 6.5 6.5 0 010-13zM15.5 15.5L21 21",
    "map": "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14",
    "wall": "M3 5h18v11H3zM12 5v11M8 20h8",
    "upload": "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
    "download": "M12 4v12M7 11l5 5 5-5M4 18v2h16v-2",
    "lock": "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 017 0v3",
    "proof": "M4 12.500l4.500 4.500L20 6M4 20h16",
    "close": "M6 6l12 12M18 6L6 18",
    "next": "M9 5l7 7-7 7",
    "previous": "M15 5l-7 7 7 7",
    "hold": "M8 5v14M16 5v14",
    "play": "M7 4l13 8-13 8z",
    "eye": "M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 9a3 3 0 110 6 3 3 0 010-6z",
    "users": "M9 4a4 4 0 110 8 4 4 0 010-8zM2 20c0-4 3-6 7-6s7 2 7 6M16 4.500a4 4 0 010 7M18 14.500c2.500.8 4 2.600 4 5.500",
    "audit": "M12 3a9 9 0 110 18 9 9 0 010-18zM12 7v5l3.500 2",
    "settings": "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
    "flag": "M6 21V4M6 5h12l-3 4 3 4H6",
    "retry": "M20 11a8 8 0 10-2 6M20 5v6h-6",
}
_SHAPES = {
    "ok": '<circle cx="12" cy="12" r="10" fill="currentColor"/><path class="ink tick" d="M7.2 12.4l3.2 3.2 6.4-6.8"/>',
    "warn": '<path class="tri" d="M12 2.2L23 21.4H1z"/><path class="ink" d="M12 9v6"/>'
    '<circle class="ink-dot" cx="12" cy="18.2" r="1.5"/>',
    "bad": '<path d="M12 .8L23.2 12 12 23.2.8 12z" fill="currentColor"/>'
    '<path class="ink" d="M8.6 8.6l6.8 6.8M15.4 8.6l-6.8 6.8"/>',
    "info": '<rect x="2.5" y="2.5" width="19" height="19" rx="4" fill="currentColor"/>'
    '<path class="ink tick" d="M7 12h9.500M12.500 8l4 4-4 4"/>',
    "none": '<circle class="dash" cx="12" cy="12" r="9.4"/><path class="dash-bar" d="M8 12h8"/>',
}
_SHAPES["urgent"] = _SHAPES["bad"]
def icon(name: str) -> Markup:
    """A decorative line icon as high as a letter; a name nobody drew yet gets the flag."""
    drawn = ICONS.get(name, ICONS["flag"])
    return Markup(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{drawn}"/></svg>')  # noqa: S704  our drawing


def shape(kind: str) -> Markup:
    """The shape of a status: circle with tick, triangle, diamond with cross, square with arrow, dashed circle."""
    return Markup(f'<svg class="shape" viewBox="0 0 24 24" aria-hidden="true">{_SHAPES[kind]}</svg>')  # noqa: S704


@cache
def logo() -> Markup:
    """The mark of the product: mountains, water and a star in a disc."""
    drawn = (FOLDER / "logo.svg").read_text(encoding="utf-8").strip()
    return Markup(drawn.replace('xmlns="http://www.w3.org/2000/svg"', 'class="logo" aria-hidden="true"'))  # noqa: S704  our file
