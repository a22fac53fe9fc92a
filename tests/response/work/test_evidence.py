"""Files are what their names say, are kept once, and are seen by those who see the work."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.response.work.conftest import Staff

from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.people.models import User
from toancanh.response import timeline
from toancanh.response.models import Evidence, Task
from toancanh.response.services import evidence, tasks

PDF = b"%PDF-1.7\n" + b"x" * 100
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 50


def zipped(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return kept.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")


def refusal(call: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Báo cáo.pdf", PDF, "application/pdf"),
        ("ảnh.PNG", PNG, "image/png"),
        ("ảnh.jpeg", b"\xff\xd8\xff\xe0" + b"x" * 20, "image/jpeg"),
        ("bc.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("số liệu.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("gói.zip", zipped("a.txt"), "application/zip"),
        ("số liệu.csv", "xã,số\nThạch Bình,5\n".encode(), "text/csv"),
        ("ghi chú.txt", "Đã xong".encode("utf-16"), "text/plain"),
    ],
)
def test_files_of_the_office_are_taken(
    name: str, content: bytes, media_type: str, task: Callable[..., Task], staff: Staff
) -> None:
    made = evidence.add(staff.builder, task(), name, io.BytesIO(content))
    assert (made.name, made.media_type, made.size) == (name, media_type, len(content))
    assert evidence.path_of(made).read_bytes() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("virus.exe", b"MZ" + b"\x00" * 40, "file-type"),
        ("báo cáo.pdf", b"MZ" + b"\x00" * 40, "file-type-mismatch"),
        ("báo cáo.docx", zipped("a.txt"), "file-type-mismatch"),
        ("bảng.xlsx", DOCX, "file-type-mismatch"),
        ("ảnh.png", b"\xff\xd8\xff\xe0", "file-type-mismatch"),
        ("ghi.txt", b"\x00\x01\x02", "file-type-mismatch"),
        ("trang.html", b"<html>", "file-type"),
        ("không đuôi", PDF, "file-type"),
        ("rỗng.pdf", b"", "file-empty"),
        ("../../../", PDF, "file-type"),
        ("hỏng.docx", b"PK\x03\x04" + b"x" * 30, "file-type-mismatch"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(
    name: str, content: bytes, code: str, task: Callable[..., Task], staff: Staff
) -> None:
    assert refusal(lambda: evidence.add(staff.builder, task(), name, io.BytesIO(content))).code == code
    assert not Evidence.objects.exists()
    assert not (Path(settings.DATA) / "evidence").exists()


@pytest.mark.parametrize("name", ["Báo cáo.exe.pdf", "báo cáo.PDF.JS.pdf", "bảng.xlsm.pdf", "a.exe .pdf"])
def test_a_program_hidden_before_the_last_ending_is_refused(name: str, task: Callable[..., Task], staff: Staff) -> None:
    problem = refusal(lambda: evidence.add(staff.builder, task(), name, io.BytesIO(PDF)))
    assert (problem.code, problem.status) == ("file-two-endings", 415)
    assert not Evidence.objects.exists()


def test_points_in_an_honest_name_are_only_points(task: Callable[..., Task], staff: Staff) -> None:
    assert evidence.add(staff.builder, task(), "BC.123.UBND.v2.pdf", io.BytesIO(PDF)).name == "BC.123.UBND.v2.pdf"


WRONG = {
    "wrong type": ("virus.exe", b"MZ" + bytes(40), 415, "Không nhận loại tệp này", "This type of file is not taken"),
    "not what it says": ("bc.pdf", b"MZ" + bytes(40), 415, "không phải là pdf như tên gọi", "is not pdf as the name says"),
    "zero bytes": ("bc.pdf", b"", 422, "Tệp rỗng", "The file is empty"),
    "two endings": ("bc.pdf.exe", PDF, 415, "Không nhận loại tệp này", "This type of file is not taken"),
    "hidden ending": ("bc.exe.pdf", PDF, 415, "Tên tệp có hai đuôi “.exe.pdf”", "The name has two endings, “.exe.pdf”"),
    "path of a program": ("..\\..\\etc\\cron.sh", PDF, 415, "Không nhận loại tệp này", "This type of file is not taken"),
    "too large": ("bc.pdf", b"%PDF-" + bytes(50 * 1024 * 1024), 413, "Tệp lớn hơn 50 MB", "The file is larger than 50 MB"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_page_says_in_both_languages_what_is_wrong_with_a_file_and_keeps_nothing(
    wrong: str, task: Callable[..., Task], staff: Staff, sign_in: Callable[..., Client]
) -> None:
    name, content, status, vi, en = WRONG[wrong]
    made, browser = task(), sign_in("builder")
    for language, said in (("vi", vi), ("en", en)):
        User.objects.filter(username="builder").update(language=language)
        answer = browser.post(f"/tasks/{made.pk}/evidence", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == status
        assert said in html.unescape(answer.content.decode())
    assert not Evidence.objects.exists()
    assert not [each for each in Path(settings.DATA).rglob("evidence/**/*") if each.is_file()]
    assert timeline.of("task", made.pk).count() == 1


def test_more_than_fifty_megabytes_is_refused_with_what_to_do(task: Callable[..., Task], staff: Staff) -> None:
    problem = refusal(lambda: evidence.add(staff.builder, task(), "lớn.pdf", io.BytesIO(b"%PDF-" + bytes(evidence.LARGEST))))
    assert (problem.code, problem.status) == ("file-too-large", 413)
    assert "50 MB" in problem.detail.vi
    exact = b"%PDF-" + bytes(evidence.LARGEST - 5)
    assert evidence.add(staff.builder, task(), "vừa.pdf", io.BytesIO(exact)).size == evidence.LARGEST


def test_the_same_content_is_kept_once(task: Callable[..., Task], staff: Staff) -> None:
    first, second = task(), task()
    one = evidence.add(staff.builder, first, "a.pdf", io.BytesIO(PDF))
    assert evidence.add(staff.builder, first, "b.pdf", io.BytesIO(PDF)).pk == one.pk
    other = evidence.add(staff.builder, second, "b.pdf", io.BytesIO(PDF))
    assert other.pk != one.pk
    assert evidence.path_of(other) == evidence.path_of(one)
    assert len([each for each in (Path(settings.DATA) / "evidence").rglob("*") if each.is_file()]) == 1


def test_a_name_with_a_path_loses_it(task: Callable[..., Task], staff: Staff) -> None:
    assert evidence.add(staff.builder, task(), "../../etc/x\r\n.pdf", io.BytesIO(PDF)).name == "x.pdf"


def test_finished_work_and_other_agencies_take_no_file(task: Callable[..., Task], staff: Staff) -> None:
    made = task()
    assert refusal(lambda: evidence.add(staff.banker, made, "a.pdf", io.BytesIO(PDF))).status == 404
    assert refusal(lambda: evidence.add(staff.auditor, made, "a.pdf", io.BytesIO(PDF))).status == 403
    tasks.cancel(staff.operator, made, "thôi")
    assert refusal(lambda: evidence.add(staff.builder, made, "a.pdf", io.BytesIO(PDF))).code == "work-over"


def test_a_file_is_downloaded_by_those_who_see_the_work_and_the_look_is_recorded(
    task: Callable[..., Task], staff: Staff, sign_in: Callable[..., Client]
) -> None:
    made = evidence.add(staff.builder, task(), "Báo cáo tháng.pdf", io.BytesIO(PDF))
    answer = sign_in("leader").get(f"/evidence/{made.pk}")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AuditEntry.objects.filter(action="response.read_evidence", actor="leader").count() == 1
    for stranger in ("banker", "analyst"):
        assert sign_in(stranger).get(f"/evidence/{made.pk}").status_code == 404
