"""The sample province's desk is alive: a shift runs, its incidents stand at every stage, and loading again changes nothing."""

from __future__ import annotations

from collections import Counter

from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.response.models import Incident, Shift
from toancanh.site.sample import incidents


def test_the_sample_desk_is_alive_and_loading_again_changes_nothing(province: None) -> None:
    profile = people.Profile(full_name="Trần Văn Bình")
    people.create_user(SYSTEM, incidents.OPERATOR, "mot-cau-rat-dai-de-nho", "operator", profile, temporary=False)
    for _ in range(2):
        incidents.live_a_morning()
        states = Counter(Incident.objects.values_list("state", flat=True))
        assert states == {"new": 1, "taken": 1, "handling": 2, "closed": 1}
    assert all(Incident.objects.values_list("sample", flat=True))
    assert Shift.objects.count() == 1
