"""Every part in every state prints safe, complete markup in both languages."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from toancanh.ui import parts, tables
from toancanh.ui.drawing import MACROS
from toancanh.ui.icons import ICONS
from toancanh.ui.kit import charts, exhibits, samples
from toancanh.ui.kit import tables as sample_tables
from toancanh.ui.language import use
from toancanh.ui.parts import STATES, Link, StatusView, TileView
from toancanh.ui.views import kit_context

PACKAGE = Path(parts.__file__).parents[1]
ALL_TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
VOID = {"meta", "link", "input", "br", "img"}


class Balance(HTMLParser):
    """Notes tags that are closed in the wrong order and attributes that a strict policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.wrong += [f"{tag} {name}" for name, _ in attrs if name == "style" or name.startswith("on")]
        if tag == "script" and not dict(attrs).get("src"):
            self.wrong.append("inline script")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.wrong += [f"{tag} {name}" for name, _ in attrs if name == "style" or name.startswith("on")]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")


def _wrongs(html: str) -> list[str]:
    reader = Balance()
    reader.feed(html)
    return reader.wrong + reader.open


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("page", ["kit", "kit_overview", "kit_wall"])
def test_the_kit_pages_are_well_formed_and_hold_nothing_inline(templates, page, language):
    with use(language):
        html = templates.get_template(f"ui/{page}.html").render(kit_context("light"))
    assert _wrongs(html) == []
    assert f'<html lang="{language}"' in html


def test_the_kit_shows_every_part_in_every_state():
    for exhibit in exhibits.exhibits():
        assert [state for state, _ in exhibit.views] == list(STATES), exhibit.name


def test_every_view_has_its_macro(templates):
    for file, macro in MACROS.values():
        assert hasattr(templates.get_template(f"ui/parts/{file}.html").module, macro)


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_template_of_any_room_writes_words_outside_the_language_pair_or_style_inline(path):
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    source = source.replace(">Tiếng Việt<", "><")  # a language is named in itself
    assert not re.search(r"\sstyle=|\son[a-z]+=", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    letters = re.sub(r"[·▾–›…▲▼“”→]", "", re.sub(r"<[^>]*>", " ", source))
    assert re.findall(r"[^\x00-\x7f]+", letters) == []


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_pair_of_words_has_both_languages(path):
    source = path.read_text(encoding="utf-8")
    pairs = re.findall(r"""\bt\(\s*("[^"]*"|'[^']*')\s*,\s*("[^"]*"|'[^']*')\s*\)""", source)
    assert len(pairs) == len(re.findall(r"(?<![\w.])t\(", source)), "t() takes two literal wordings"
    assert all(vi.strip("\"'").strip() and en.strip("\"'").strip() for vi, en in pairs)


def test_words_from_data_are_escaped(templates):
    part = templates.globals["part"]
    wicked = '<img src=x onerror="x">'
    html = str(part(TileView(title=wicked, value_text=wicked, status=StatusView("ok", wicked), href="/a?b=1&c=2")))
    assert "<img" not in html
    assert "/a?b=1&amp;c=2" in html
    line = str(part(charts.line(title=wicked, answer="it's", unit_text="'><b>")))
    assert "<img" not in line
    assert "<b>" not in line


def test_a_stale_tile_says_when_its_data_are_from_and_a_missing_one_who_owes_them(templates):
    part = templates.globals["part"]
    shown = {tile.state: str(part(tile)) for tile in samples.state_tiles()}
    assert "Số liệu lúc 07:15" in shown["stale"]
    assert "Sở Tài chính trễ 7 ngày" in shown["missing"]
    assert "Nhắc nộp số liệu" in shown["missing"]
    assert "62,9 → 63,5" in shown["revised"]
    assert "63,5" not in shown["denied"]
    assert "63,5" not in shown["error"]


@pytest.mark.parametrize("make", [charts.ranking, charts.place_map, charts.line, charts.flow, charts.stack,
                                  charts.strip, samples.work, sample_tables.table, sample_tables.facts])
def test_a_denied_part_shows_no_shape_of_the_data(templates, make):
    html = str(templates.globals["part"](make(state="denied")))
    assert "Bạn chưa có quyền xem" in html
    assert not re.search(r"<(table|path class=\"(area|stroke|flow)|rect class=\"fill|dl|li)", html)
    assert not re.search(r"\d", re.sub(r"<[^>]*>", "", html).replace("6 xã", "").replace("14 ngày", ""))


def test_a_figure_leads_to_its_proof(templates):
    html = str(templates.globals["part"](samples.state_tiles()[0]))
    assert re.search(r'<a class="figure" href="#proof" data-drawer.*?63,5.*?chứng minh số này', html, re.S)


def test_a_live_part_names_its_key_and_where_to_ask_again(templates):
    html = str(templates.globals["part"](samples.tile("x", "1", "%", "ok", "Đạt", key="dossiers@MS", live_href="/f?a=1&b=2")))
    assert 'data-live-key="dossiers@MS" data-live-href="/f?a=1&amp;b=2"' in html


def test_an_act_is_a_form_and_a_place_is_a_link(templates):
    part = templates.globals["part"]
    assert "<form" in str(part(Link("Đôn đốc", "/chase", post=True)))
    assert str(part(Link("Xem", "/see"))) == '<a href="/see">Xem</a>'


def test_a_wrong_field_says_what_to_do_and_is_tied_to_its_words(templates):
    html = str(templates.globals["part"](sample_tables.form()[2]))
    assert 'aria-invalid="true" aria-describedby="f-phone-hint f-phone-error"' in html
    assert "Nhập số điện thoại gồm 10 chữ số" in html
    assert 'type="password"' in str(templates.globals["part"](sample_tables.form()[1]))


def test_a_password_is_never_printed_back(templates):
    field = tables.FieldView(name="p", label="Mật khẩu", kind="password", value="secret")
    assert "secret" not in str(templates.globals["part"](field))


def test_an_unknown_icon_is_a_flag_and_not_a_broken_page(templates):
    assert ICONS["flag"] in str(templates.globals["icon"]("nobody-drew-this"))


def test_auto_theme_has_the_values_of_the_dark_theme():
    css = (PACKAGE / "ui/static/css/tokens.css").read_text()
    dark = re.search(r'\n  \[data-theme="dark"\] \{(.*?)\}', css, re.S).group(1)
    auto = re.search(r'\[data-theme="auto"\] \{(.*?)\}', css, re.S).group(1)
    assert dark.split() == auto.split()


def test_a_card_printed_again_is_printed_in_the_readers_language(templates):
    draw, card = templates.globals["part"], samples.tile("Thu ngân sách", "63,5", "%", "ok", "Đạt", proof_href="/values/1/proof")
    printed = {}
    for language in ("vi", "en", "vi"):
        with use(language):
            printed.setdefault(language, draw(card))
            assert draw(card) == printed[language]
    assert "Chứng minh số này" in printed["vi"]
    assert "Prove this figure" in printed["en"]
