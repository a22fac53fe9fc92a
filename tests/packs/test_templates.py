"""What the page of uploads says of a dataset is what the door takes: the columns, and the example of each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from django.utils.translation import override
from tests.packs.conftest import FOLDERS

from toancanh.intake import receiving, services
from toancanh.intake.reading.payload import Payload
from toancanh.intake.views import columns
from toancanh.kernel.registry import registry
from toancanh.people.actors import SYSTEM
from toancanh.ui import sheets

NOW = datetime(2026, 11, 22, 2, 42, tzinfo=UTC)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_the_template_filled_with_its_examples_is_taken_whole(
    folder: object, language: str, province: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    pack = registry.pack(folder.name)  # type: ignore[attr-defined]
    assert pack is not None
    form = services.SourceForm(code="files", title=pack.title, datasets=[each.code for each in pack.datasets])
    source = services.make_source(SYSTEM, form)
    examples = columns.unit_examples(pack.datasets)
    for dataset in pack.datasets:
        with override(language):
            row = [columns.example(dataset, each, examples) for each in dataset.fields]
            body = b"".join(sheets.csv_lines(columns.headings(dataset), [row], vietnamese=language == "vi"))
        checked = receiving.read_and_check(dataset, source, Payload(body, "text/csv", "mau.csv"), NOW)
        assert [each.problems for each in checked.held] == [], dataset.code
        assert checked.accepted == 1, dataset.code
