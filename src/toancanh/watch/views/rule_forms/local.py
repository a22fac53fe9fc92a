"""The form of limits that one unit has for itself, under the condition of the rule."""

from __future__ import annotations

from collections.abc import Sequence

from toancanh.kernel.condition_words import limit_unit
from toancanh.kernel.conditions import Condition, Overstay, leaves
from toancanh.kernel.contracts import Rule
from toancanh.kernel.text import Text
from toancanh.ui.tables import FieldView
from toancanh.units.models import Unit
from toancanh.watch.models import LocalLimit
from toancanh.watch.services.rules import Limits, OwnLimits
from toancanh.watch.views.rule_forms.conditions import check_clears
from toancanh.watch.views.rule_forms.typed import Typed, shown

OWN, OFF, RULE = "own", "off", "rule"
_HOW = (
    (OWN, Text("Mức riêng", "Limits of its own")),
    (OFF, Text("Không theo dõi nơi này", "Do not watch this place")),
    (RULE, Text("Theo quy tắc chung (bỏ mức riêng)", "As the rule has it (drop its own)")),
)


def filled(condition: Condition, unit: Unit | None) -> dict[str, str]:
    """The form with the limits that hold at a unit."""
    found = {"unit": unit.key if unit else "", "local_how": OWN}
    for place, leaf in enumerate(leaves(condition)):
        found |= {f"local_limit_{place}": shown(leaf.limit), f"local_clears_{place}": shown(leaf.clears_at)}
    return found


def fields(rule: Rule, units: Sequence[Unit], typed: Typed) -> tuple[FieldView, ...]:
    """A unit, how it is watched, its own limits, and why."""
    places = [(each.key, each.title) for each in units]
    found = [
        typed.select("unit", Text("Nơi", "Place"), places),
        typed.select("local_how", Text("Cách theo dõi", "Watched"), _HOW),
    ]
    parts = list(leaves(rule.condition))
    for place, leaf in enumerate(parts):
        unit = limit_unit(leaf, rule.indicator.unit)
        which = f" {place + 1}" if len(parts) > 1 else ""
        side = Text("Báo khi trên", "Rings above") if leaf.above is not None else Text("Báo khi dưới", "Rings below")
        limit = Text(f"{side.vi}{which} ({unit.vi})", f"{side.en}{which} ({unit.en})")
        over = Text(f"Hết khi về{which} ({unit.vi})", f"Over at{which} ({unit.en})")
        found.append(typed.box(f"local_limit_{place}", limit, required=True))
        if not isinstance(leaf, Overstay):  # it is over when the record has left the state
            found.append(typed.box(f"local_clears_{place}", over))
    why = Text("Lý do riêng của nơi này", "Why this place differs")
    return (*found, typed.box("local_reason", why, kind="text", required=True))


def seen_fields(rows: Sequence[LocalLimit], rule_version: int, typed: Typed) -> tuple[FieldView, ...]:
    """What was on screen: the version of the limits of each unit (by key) that has any, and of the rule. A form that comes back
    keeps what was on screen when it was opened."""
    versions: dict[str, int] = {}
    for row in rows:
        name = f"local_seen_{row.unit.key}"
        versions[name] = max(versions.get(name, 0), row.version)
    fresh = {"local_rule": rule_version} | versions
    sent = {name: words for name, words in typed.given.items() if name == "local_rule" or name.startswith("local_seen_")}
    kept = sent if "local_rule" in sent else {name: str(version) for name, version in fresh.items()}
    return tuple(FieldView(name=name, label="", kind="hidden", value=words) for name, words in kept.items())


def read(rule: Rule, typed: Typed, unit: Unit) -> OwnLimits | None:
    """What the unit is to have; None when something is wrong, which `typed.wrong` then tells."""
    how = typed.choice("local_how", [each for each, _ in _HOW])
    limits = _limits(rule, typed) if how == OWN else [] if how == OFF else None
    reason = typed.words("local_reason")
    if typed.wrong:
        return None
    seen, of_rule = typed.given.get(f"local_seen_{unit.key}", "0"), typed.given.get("local_rule", "")
    return OwnLimits(limits, reason, _version(seen), _version(of_rule))


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _limits(rule: Rule, typed: Typed) -> Limits:
    found = []
    for place, leaf in enumerate(leaves(rule.condition)):
        limit = typed.number(f"local_limit_{place}")
        clears = typed.number(f"local_clears_{place}", needed=False)
        if limit is not None:
            check_clears(typed, f"local_clears_{place}", ("above" if leaf.above is not None else "below", limit, clears))
            found.append((limit, clears))
    return found
