"""The form of a kind of incidents: its fields as they stand or as they were typed, and the kind that they say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toancanh.kernel.agency_roles import ROLES as AGENCY_ROLES
from toancanh.kernel.contracts import Severity
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import fold
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.response.catalogue import term_words
from toancanh.response.catalogue.differences import STAGE_TITLES
from toancanh.response.handling import checks, kinds
from toancanh.response.handling.kinds import SEVERITIES, STAGES, IncidentKind, Term
from toancanh.response.handling.procedures import procedures
from toancanh.ui.language import t, tx
from toancanh.ui.tables import FieldView
from toancanh.watch.views.rule_forms.typed import Typed

ON, OFF, NOTHING = "on", "off", ""
_FIELD = "field_"  # before the code of a pack
_NONE = Text("Không có", "None")
_NAMES = {
    "title_vi": Text("Tên tiếng Việt", "Vietnamese name"), "title_en": Text("Tên tiếng Anh", "English name"),
    "icon": Text("Biểu tượng", "Icon"), "offered": Text("Tình trạng", "State"),
    "severity": Text("Mức độ ban đầu", "Severity at first"), "procedure": Text("Quy trình", "Procedure"),
    "role": Text("Cơ quan có thẩm quyền", "Competent agency"), "fields": Text("Cảnh báo của lĩnh vực", "Alerts of the fields"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KindForm:
    """The fields in their groups; `terms` a row for each stage."""

    words: tuple[FieldView, ...]
    work: tuple[FieldView, ...]
    local: FieldView
    fields: tuple[FieldView, ...]
    terms: tuple[tuple[str, tuple[FieldView, ...]], ...]


def blank() -> IncidentKind:
    """What the form of one more begins with."""
    return IncidentKind(code="", title=Text(NOTHING, NOTHING), icon="flag")


def code_of(title: str, otherwise: str = "") -> str:
    """The code of something made here: its Vietnamese title in plain letters, "cay_do"."""
    code = re.sub(r"[^a-z0-9]+", "_", fold(title).lower()).strip("_")
    return (code if code[:1].isalpha() else f"{otherwise}_{code}")[:40].strip("_")


def given(kind: IncidentKind) -> dict[str, str]:
    """A kind as its form holds it."""
    terms = {f"{stage}_{each.value}": tx(term_words.said(kind.term(stage, each))) for stage in STAGES for each in SEVERITIES}
    return {
        "title_vi": kind.title.vi, "title_en": kind.title.en, "icon": kind.icon, "severity": kind.severity.value,
        "procedure": kind.procedure, "role": kind.role, "local": ON if kind.local else "",
        "offered": ON if kind.offered else OFF, **{f"{_FIELD}{code}": ON for code in kind.fields}, **terms,
    }  # fmt: skip


def read(code: str, typed: Typed) -> IncidentKind | None:
    """The kind that was typed; None when something is wrong, said beside its field."""
    title = Text(_words(typed, "title_vi"), _words(typed, "title_en"))
    terms = {stage: {each: _term(typed, f"{stage}_{each.value}") for each in SEVERITIES} for stage in STAGES}
    severity = typed.choice("severity", [each.value for each in SEVERITIES])
    offered = typed.choice("offered", (ON, OFF))
    if typed.wrong or severity is None:
        return None
    packs = tuple(each.code for each in registry.packs() if typed.given.get(f"{_FIELD}{each.code}"))
    kind = checks.tidy_kind(IncidentKind(
        code=code or code_of(title.vi, "viec"), title=title, icon=typed.given.get("icon", ""), severity=Severity(severity),
        procedure=typed.given.get("procedure", ""), role=typed.given.get("role", ""), local=bool(typed.given.get("local")),
        fields=packs, offered=offered == ON, **terms,
    ))  # fmt: skip
    others = [each for each in kinds.kinds().values() if each.code != kind.code]
    for place, why in checks.kind_mistakes(kind, others, procedures()):
        typed.fail(place, why)
    return None if typed.wrong else kind


def form_of(typed: Typed) -> KindForm:
    """The fields, with what was typed and what is wrong with it."""
    procedure_choices = [("", _NONE), *((each.code, each.title) for each in procedures().values())]
    roles = [("", _NONE), *((each.code, each.title) for each in AGENCY_ROLES)]
    state = ((ON, Text("Đang dùng", "In use")), (OFF, Text("Ngừng dùng", "Switched off")))
    role_hint = Text("Khi bảng phân công không nói khác.", "Where no route says otherwise.")
    return KindForm(
        words=(
            typed.box("title_vi", _NAMES["title_vi"], kind="text", required=True),
            typed.box("title_en", _NAMES["title_en"], kind="text", required=True),
            typed.select("icon", _NAMES["icon"], tuple(checks.ICONS.items())),
            typed.select("offered", _NAMES["offered"], state,
                         hint=Text("Ngừng dùng: không lập việc mới; việc cũ giữ nguyên.",
                                   "Switched off: nothing new is opened; what there is stays.")),
        ),
        work=(
            typed.select("severity", _NAMES["severity"],
                         tuple((each.value, SEVERITY_TITLES[each]) for each in SEVERITIES)),
            typed.select("procedure", _NAMES["procedure"], procedure_choices),
            typed.select("role", _NAMES["role"], roles, hint=role_hint),
        ),
        local=_check(typed, "local", t("UBND xã, phường nơi xảy ra trước", "The commune's committee comes first")),
        fields=tuple(_check(typed, f"{_FIELD}{each.code}", tx(each.title)) for each in registry.packs()),
        terms=tuple((tx(STAGE_TITLES[stage]), _terms(typed, stage)) for stage in STAGES),
    )  # fmt: skip


def named(place: str) -> str:
    """A field of the form in words: "Khắc phục, thấp"."""
    stage, _, severity = place.partition("_")
    if stage in STAGE_TITLES:
        return f"{tx(STAGE_TITLES[stage])}, {tx(SEVERITY_TITLES[Severity(severity)]).lower()}"
    return tx(_NAMES[place])


def _terms(typed: Typed, stage: str) -> tuple[FieldView, ...]:
    return tuple(
        typed.box(f"{stage}_{each.value}", SEVERITY_TITLES[each], kind="text", required=True) for each in SEVERITIES
    )  # fmt: skip


def _check(typed: Typed, name: str, label: str) -> FieldView:
    return FieldView(name=name, label=label, kind="checkbox", value=ON, checked=bool(typed.given.get(name)))


def _words(typed: Typed, name: str) -> str:
    return typed.given.get(name, "")


def _term(typed: Typed, name: str) -> Term:
    found = term_words.read(typed.given.get(name, ""))
    if found is None:
        typed.fail(name, term_words.HINT)
    return found or Term(1)
