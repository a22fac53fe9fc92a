"""The test pack on the shelf, a province with two wards, a source with a key, and a store of its own for every test that
lands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.intake.datasets import PACK, told
from tests.support.shelf import on_the_shelf

from toancanh.intake import landing, services
from toancanh.intake.doors import keys
from toancanh.intake.models import Source
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.store import engine
from toancanh.units import register
from toancanh.units.models import Unit


@pytest.fixture(autouse=True)
def _quiet_house(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test pack on the shelf, kept payloads in a folder of their own, nothing told to other rooms, keys not remembered."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    told.clear()
    monkeypatch.setattr(landing, "tell", told.append)
    keys.forget()
    register.forget()
    with on_the_shelf([PACK]):
        yield
    register.forget()


@pytest.fixture
def place(db: None) -> dict[str, Unit]:
    """A province, two wards and an agency, valid since 01/07/2025, and an old commune that ended the day before."""
    new = date(2025, 7, 1)
    province = Unit.objects.create(
        scheme="sample", code="MS", level="province", name="Minh Sơn", full_name="Tỉnh Minh Sơn", valid_from=new,
    )
    wards = [
        Unit.objects.create(
            scheme="sample", code=f"MS0{number}", level="commune", kind="phường", name=name, full_name=f"Phường {name}",
            parent=province, valid_from=new
        )
        for number, name in ((1, "An Hòa"), (2, "Bình Thủy"))
    ]
    old = Unit.objects.create(
        scheme="sample-old", code="C1", level="commune", kind="xã", name="Cổ Loan", full_name="Xã Cổ Loan",
        valid_to=date(2025, 6, 30)
    )
    agency = Unit.objects.create(
        scheme="agency", code="SYT", level="agency", name="Y tế", full_name="Sở Y tế", parent=province, valid_from=new,
        role="health"
    )
    register.forget()
    return {"province": province, "an_hoa": wards[0], "binh_thuy": wards[1], "old": old, "agency": agency}


@pytest.fixture
def source(place: dict[str, Unit]) -> Source:
    form = services.SourceForm(
        code="station-feed", title=Text("Trạm quan trắc", "Stations"), datasets=[each.code for each in PACK.datasets],
        owner="agency:SYT"
    )
    return services.make_source(SYSTEM, form)


@pytest.fixture
def key(source: Source) -> str:
    return services.make_key(SYSTEM, source)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[None]:
    """An embedded store of its own."""
    with engine.use(f"chdb://{tmp_path / 'store'}"):
        yield


@pytest.fixture
def no_landing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deliveries wait: nobody lands them."""
    monkeypatch.setattr(landing, "ask_to_land", lambda _dataset: None)
