"""Every rule of every field survives its own form: what the editor shows is what it reads back."""

from __future__ import annotations

import pytest

from toancanh.kernel.registry import registry
from toancanh.ui.language import use
from toancanh.units.models import Unit
from toancanh.watch.views.rule_forms import conditions, whole
from toancanh.watch.views.rule_forms.typed import Typed

pytestmark = pytest.mark.django_db
PACKS = list(registry.packs())  # the fields of the house


@pytest.fixture
def fields(units: dict[str, Unit]) -> None:
    """The fields of the house on the shelf; the fixture below this one puts back what stood there."""
    registry.install(PACKS)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_rule_survives_its_form(fields: None, language: str) -> None:
    rules = list(registry.rules())
    assert len(rules) > 40
    with use(language):
        for rule in rules:
            given, node = whole.sent(rule, whole.filled(rule))
            typed = Typed(given)
            assert (whole.read(rule, node, typed), typed.wrong) == (rule, {}), rule.code
            assert not whole.form_of(rule, node, typed).wrong


def test_single_records_are_offered_where_their_states_are_known_and_stand_alone(fields: None) -> None:
    rule = next(each for each in registry.rules() if each.code == "dossier_long_overdue")
    dust = registry.indicator("air_aqi_hour")
    assert dust is not None
    assert "overstay" in conditions.kinds_for(rule.indicator)
    assert "overstay" not in conditions.kinds_for(rule.indicator, depth=1)
    assert "overstay" not in conditions.kinds_for(dust)
    given, node = whole.sent(rule, whole.filled(rule) | {"c_stay": "nothing", "c_limit": "0", "by": "procedure"})
    typed = Typed(given)
    assert whole.read(rule, node, typed) is None
    assert set(typed.wrong) >= {"c_stay", "c_limit"}
