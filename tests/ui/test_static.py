"""Built files: found by name, sent compressed, kept for a year, never outside their folder; built only when something changed."""

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from toancanh.ui.assets import manifest, static_build, static_files

pytestmark = pytest.mark.usefixtures("built")


def test_a_built_file_is_named_by_its_hash_and_kept_for_a_year():
    name = manifest.built_name("app.css")
    assert static_files.HASHED.match(name)
    headers = dict(static_files.find(name).headers)
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Type"] == "text/css; charset=utf-8"
    assert manifest.static("app.css").startswith("/static/built/app-")


def test_a_name_nobody_built_falls_back_to_the_source():
    assert manifest.built_name("other.css") == "css/other.css"


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None), ("identity", None), ("br;q=0.5", "br")],
)
def test_the_browser_gets_the_best_encoding_it_takes(accepts, encoding):
    found = static_files.find(manifest.built_name("app.js"), accepts)
    assert dict(found.headers).get("Content-Encoding") == encoding
    assert dict(found.headers)["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "name",
    ["../manifest.py", "built/../../manifest.py", "/etc/passwd", "built", "", "built/manifest.json\0.css", "..\\manifest.py",
     "built/inputs.sha256", "built/app.css.map"],
)
def test_nothing_outside_the_static_folder_is_ever_sent(name):
    assert static_files.find(name) is None


def test_a_link_out_of_the_folder_is_refused(tmp_path, monkeypatch):
    outside = tmp_path / "secret.json"
    outside.write_text("{}")
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "secret.json").symlink_to(outside)
    monkeypatch.setattr(static_files, "FOLDER", folder)
    assert static_files.find("secret.json") is None


def test_the_middleware_answers_static_addresses_and_hands_on_the_rest():
    served = static_files.StaticFiles(lambda request: HttpResponse("page"))
    ask = RequestFactory()
    address = manifest.static("app.js")
    answer = served(ask.get(address, headers={"accept-encoding": "br"}))
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "br")
    assert b"".join(answer.streaming_content)
    assert served(ask.get(address, headers={"if-modified-since": answer["Last-Modified"]})).status_code == 304
    assert served(ask.head(address)).content == b""
    assert served(ask.get("/static/../settings.py")).status_code == 404
    assert served(ask.post(address)).status_code == 404
    assert served(ask.get("/fields/air")).content == b"page"


def test_nothing_is_built_twice(monkeypatch):
    static_build.build()
    monkeypatch.setattr(static_build, "_run", lambda *a: pytest.fail("built again"))
    assert static_build.build() is False


def test_a_changed_style_sheet_changes_the_digest(tmp_path):
    frontend = tmp_path / "frontend"
    (frontend / "src").mkdir(parents=True)
    for name in ("build.mjs", "package.json", "package-lock.json", "tsconfig.json"):
        (frontend / name).write_text(name)
    before = static_build.inputs_digest(frontend)
    (frontend / "src" / "a.ts").write_text("export {}")
    assert static_build.inputs_digest(frontend) != before


def test_without_sources_and_without_output_the_build_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(static_build, "BUILT", tmp_path / "built")
    with pytest.raises(static_build.BuildFailed, match="install the package from a release"):
        static_build.build(frontend=tmp_path)


def test_the_wheel_serves_when_the_machine_has_no_node(monkeypatch):
    monkeypatch.setattr(static_build.shutil, "which", lambda name: None)
    node, npm = static_build.node_and_npm()
    assert static_build._major(node[0]) >= 20
    assert npm[1].endswith("npm-cli.js")


def test_the_lock_file_names_no_registry():
    lock = json.loads((static_build.FRONTEND / "package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_both_fonts_and_the_logo_are_in_the_manifest():
    wanted = {"app.css", "app.js", "wall.css", "wall.js", "logo.svg", "inter-latin.woff2", "inter-vietnamese.woff2"}
    assert wanted <= set(manifest.entries())
