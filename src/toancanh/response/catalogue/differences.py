"""In words what is different between two versions of a kind or of a procedure: said before one is saved, and in its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher

from toancanh.kernel.agency_roles import ROLES as AGENCY_ROLES
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.response.catalogue.term_words import said
from toancanh.response.handling.checks import ICONS
from toancanh.response.handling.kinds import SEVERITIES, STAGES, IncidentKind
from toancanh.response.handling.procedures import ROLES, Procedure, Stage, procedures
from toancanh.ui import formats
from toancanh.ui.language import t, tx

STAGE_TITLES = {
    "take": Text("Tiếp nhận", "Take"),
    "route": Text("Chuyển xử lý", "Route"),
    "handle": Text("Khắc phục", "Handle"),
    "confirm": Text("Xác nhận", "Confirm"),
    "climbs": Text("Quá hạn bao lâu thì báo lãnh đạo", "How late before the leaders are told"),
}
_ROLE_TITLES = {each.code: each.title for each in AGENCY_ROLES}


def of_kinds(old: IncidentKind, new: IncidentKind) -> list[str]:
    """What is different in `new`, a line for each: "Mức độ ban đầu: Cao → Khẩn cấp"."""
    found = []
    for label, read in _aspects():
        before, after = read(old), read(new)
        if before != after:
            found.append(f"{label}: {before} → {after}")
    if old.procedure != new.procedure:
        ways = procedures()
        one, other = (procedure_title(each.procedure, ways) for each in (old, new))
        found.append(t(f"Quy trình: {one} → {other}", f"Procedure: {one} → {other}"))
    for stage in STAGES:
        for each in SEVERITIES:
            was, is_now = old.term(stage, each), new.term(stage, each)
            if was != is_now:
                level = tx(SEVERITY_TITLES[each])
                found.append(f"{tx(STAGE_TITLES[stage])}, {level.lower()}: {tx(said(was))} → {tx(said(is_now))}")
    return found


def of_procedures(old: Procedure, new: Procedure) -> list[str]:
    """What is different in `new`: its names, steps that were added, left out or changed."""
    titles = (
        (t("Tên tiếng Việt", "Vietnamese name"), old.title.vi, new.title.vi),
        (t("Tên tiếng Anh", "English name"), old.title.en, new.title.en),
    )
    found = [f"{label}: {one} → {other}" for label, one, other in titles if one != other]
    for act, a, b, c, d in SequenceMatcher(None, old.stages, new.stages, autojunk=False).get_opcodes():
        if act != "equal":
            found += _steps(old.stages[a:b], new.stages[c:d], a + 1, c + 1)
    return found


def role_title(code: str) -> str:
    """The agency that plays a role, in words."""
    return tx(_ROLE_TITLES[code]) if code in _ROLE_TITLES else t("không có", "none")


def fields_in_words(codes: Sequence[str]) -> str:
    """The names of packs."""
    packs = (registry.pack(code) for code in codes)
    return ", ".join(tx(pack.title) for pack in packs if pack is not None) or t("không có", "none")


def procedure_title(code: str, ways: Mapping[str, Procedure]) -> str:
    """The name, among all procedures, of the one that a kind starts."""
    found = ways.get(code)
    return tx(found.title) if found else code or t("không có", "none")


def _aspects() -> tuple[tuple[str, Callable[[IncidentKind], str]], ...]:
    yes, no = t("có", "yes"), t("không", "no")
    return (
        (t("Tên tiếng Việt", "Vietnamese name"), lambda kind: kind.title.vi),
        (t("Tên tiếng Anh", "English name"), lambda kind: kind.title.en),
        (t("Biểu tượng", "Icon"), lambda kind: tx(ICONS[kind.icon]) if kind.icon in ICONS else kind.icon),
        (t("Tình trạng", "State"), lambda kind: t("đang dùng", "offered") if kind.offered else t("ngừng dùng", "switched off")),
        (t("Mức độ ban đầu", "Severity at first"), lambda kind: tx(SEVERITY_TITLES[kind.severity])),
        (t("Cơ quan có thẩm quyền", "Competent agency"), lambda kind: role_title(kind.role)),
        (t("UBND xã, phường trước", "Commune's committee first"), lambda kind: yes if kind.local else no),
        (t("Cảnh báo của lĩnh vực", "Alerts of the fields"), lambda kind: fields_in_words(kind.fields)),
    )


def _steps(old: Sequence[Stage], new: Sequence[Stage], first_old: int, first_new: int) -> list[str]:
    changed = min(len(old), len(new))
    found = [
        t(f"Đổi bước {place}: {_step(one)} → {_step(other)}", f"Step {place}: {_step(one)} → {_step(other)}")
        for place, (one, other) in enumerate(zip(old, new, strict=False), first_new)
    ]
    for place, each in enumerate(old[changed:], changed):
        found.append(t(f"Bỏ bước {first_old + place}: {_step(each)}", f"Left out, step {first_old + place}: {_step(each)}"))
    for place, each in enumerate(new[changed:], changed):
        found.append(t(f"Thêm bước {first_new + place}: {_step(each)}", f"Added, step {first_new + place}: {_step(each)}"))
    return found


def _step(stage: Stage) -> str:
    """Both wordings: a change of either is seen."""
    minutes = t("không hẹn giờ", "no timer")
    if stage.minutes is not None:
        minutes = t(f"{formats.number(stage.minutes, 0)} phút", f"{formats.number(stage.minutes, 0)} minutes")
    role = tx(ROLES[stage.role]) if stage.role in ROLES else stage.role
    return " · ".join(each for each in (f"{stage.words.vi} / {stage.words.en}", role, minutes, stage.basis) if each)
