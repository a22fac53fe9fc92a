"""Empty files to fill: the heading row of a dataset, as CSV that Vietnamese Excel opens rightly and as a workbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from toancanh.intake import queries
from toancanh.intake.views.columns import headings
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui import sheets
from toancanh.ui.language import current, tx


@require(Action.ENTER)
@require_GET
def template_csv(request: Request, dataset: str) -> HttpResponse:
    """The heading row with a byte order mark, columns parted as the reader's own Excel parts them."""
    found = _entered(request, dataset)
    body = b"".join(sheets.csv_lines(headings(found), (), vietnamese=current() == "vi"))
    return _file(body, sheets.CSV_TYPE, f"{found.code}.csv")


@require(Action.ENTER)
@require_GET
def template_xlsx(request: Request, dataset: str) -> HttpResponse:
    """The same row as a workbook."""
    found = _entered(request, dataset)
    return _file(sheets.xlsx(headings(found), (), sheet=tx(found.title)), sheets.XLSX_TYPE, f"{found.code}.xlsx")


def _entered(request: Request, code: str) -> Dataset:
    """The dataset, when the reader may hand in files of it."""
    found = next((each for each in queries.datasets(queries.sources(request.actor, Action.ENTER)) if each.code == code), None)
    if found is None:
        raise Problem(
            "unknown-dataset", 404, Text("Không có tệp mẫu này", "No such template"),
            Text("Chọn tệp mẫu trên trang Gửi tệp số liệu.", "Choose a template on the page Send a data file."),
        )  # fmt: skip
    return found


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
