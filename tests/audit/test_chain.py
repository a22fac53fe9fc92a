"""The audit chain: whatever is tampered with is found, and the first bad entry is named."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from toancanh.audit import queries
from toancanh.audit.chain import Anchor, Link, canonical
from toancanh.audit.models import AuditEntry, AuditHead
from toancanh.audit.services import record

pytestmark = pytest.mark.django_db

ENTRIES = 40
TEXT_COLUMNS = ("actor", "action", "subject", "detail", "reason", "address", "previous_hash", "hash")


@pytest.fixture
def chain() -> list[Link]:
    for number in range(ENTRIES):
        record(f"officer{number % 5}", "intake.fix_row", f"row:{number}", detail={"rows": number, "from": "số"}, reason="gõ nhầm")
    return [entry.as_link() for entry in AuditEntry.objects.order_by("number")]


def write(sql: str, *values: object) -> None:
    """Straight into the database, past every guard of the program."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def insert(link: Link) -> None:
    names = [*Link.__dataclass_fields__]
    marks = ", ".join(["%s"] * len(names))
    write(f"INSERT INTO audit_auditentry ({', '.join(names)}) VALUES ({marks})", *(getattr(link, name) for name in names))


def edit(random_: random.Random, links: list[Link]) -> int:
    link = random_.choice(links)
    if random_.random() < 0.1:
        write("UPDATE audit_auditentry SET at = %s WHERE number = %s", link.at + timedelta(microseconds=1), link.number)
        return link.number
    column = random_.choice(TEXT_COLUMNS)
    value = getattr(link, column)
    changed = value[:-1] + ("0" if value[-1:] != "0" else "1") if value else "x"
    write(f"UPDATE audit_auditentry SET {column} = %s WHERE number = %s", changed, link.number)
    return link.number


def delete(random_: random.Random, links: list[Link]) -> int:
    link = random_.choice(links)
    write("DELETE FROM audit_auditentry WHERE number = %s", link.number)
    return link.number


def swap(random_: random.Random, links: list[Link]) -> int:
    first, second = sorted(random_.sample([link.number for link in links], 2))
    for old, new in ((first, -1), (second, first), (-1, second)):
        write("UPDATE audit_auditentry SET number = %s WHERE number = %s", new, old)
    return first


def squeeze_in(random_: random.Random, links: list[Link]) -> int:
    """A forged entry with the number of a true one; the later ones move up by one."""
    link = random_.choice(links)
    write("UPDATE audit_auditentry SET number = -number WHERE number >= %s", link.number)
    write("UPDATE audit_auditentry SET number = 1 - number WHERE number < 0")
    insert(link)
    return link.number + 1


def cut_tail(random_: random.Random, links: list[Link]) -> int:
    """The newest entries vanish and the head is mended to hide it: only the anchor tells."""
    last = random_.randrange(0, len(links) - 1)
    write("DELETE FROM audit_auditentry WHERE number > %s", last)
    write("UPDATE audit_audithead SET number = %s, hash = %s", last, links[last - 1].hash if last else "0" * 64)
    return last + 1


def rewrite_from(random_: random.Random, links: list[Link]) -> int:
    """Everything from one entry on is forged again with right hashes, and the head too: only the anchor tells."""
    start = random_.randrange(len(links))
    previous = links[start - 1].hash if start else "0" * 64
    for link in links[start:]:
        forged = Link(**{name: getattr(link, name) for name in Link.__dataclass_fields__} | {
            "actor": "nobody" if link.number == start + 1 else link.actor, "previous_hash": previous,
        })
        previous = forged.computed_hash()
        write("UPDATE audit_auditentry SET actor = %s, previous_hash = %s, hash = %s WHERE number = %s",
              forged.actor, forged.previous_hash, previous, forged.number)
    write("UPDATE audit_audithead SET hash = %s", previous)
    return len(links)  # the anchored entry is the first that can be known to be wrong


@pytest.mark.parametrize("tamper", [edit, delete, swap, squeeze_in, cut_tail, rewrite_from])
@pytest.mark.parametrize("rounds", [34, pytest.param(167, marks=pytest.mark.slow)], ids=["204 in all", "1,002 in all"])
def test_every_random_tampering_is_found_and_the_first_bad_entry_is_named(chain, tamper, rounds):
    random_ = random.Random(f"audit {tamper.__name__}")
    anchor = queries.head()
    for _ in range(rounds):
        with transaction.atomic():
            first_bad = tamper(random_, chain)
            fault = queries.verify([anchor])
            transaction.set_rollback(True)
        assert fault is not None
        assert fault.number == first_bad
        assert fault.what.vi
        assert fault.what.en
    assert queries.verify([anchor]) is None


def test_entries_beyond_the_head_are_found(chain):
    AuditHead.objects.update(number=ENTRIES - 3, hash=chain[ENTRIES - 4].hash)
    assert queries.verify().number == ENTRIES - 2


def test_a_lost_head_is_found(chain):
    AuditHead.objects.all().delete()
    assert queries.verify().number == 1


def test_an_empty_record_is_sound():
    assert queries.verify() is None


def test_an_anchor_beyond_the_end_says_where_the_record_was_cut(chain):
    assert queries.verify([Anchor(ENTRIES + 5, "a" * 64)]).number == ENTRIES + 1


def test_an_entry_cannot_be_changed_or_deleted_by_the_program(chain):
    entry = AuditEntry.objects.get(number=3)
    for act in (
        entry.save, entry.delete, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(actor="x"),
        lambda: AuditEntry.objects.bulk_update([entry], ["actor"]), lambda: AuditEntry.objects.create(number=99),
        lambda: AuditEntry.objects.bulk_create([entry]),
    ):
        with pytest.raises(TypeError):
            act()
    assert queries.verify() is None


def test_an_act_that_is_rolled_back_leaves_no_entry(chain):
    with transaction.atomic():
        record("somebody", "people.change_role", "user:x")
        transaction.set_rollback(True)
    assert queries.head().number == ENTRIES
    assert queries.verify() is None


def test_any_text_can_be_recorded_and_still_verifies():
    record("n\x00ul", "a" * 500, "cha\u0301o", detail={"\ud800": {"b", "a"}, "x": 1.5, "at": datetime(2026, 11, 22, tzinfo=UTC)})
    entry = AuditEntry.objects.get()
    assert queries.verify() is None
    assert entry.subject == "cháo"
    assert entry.details["x"] == "1.5"


def test_canonical_text_does_not_depend_on_key_order_or_letter_form():
    assert canonical({"b": 1, "a": "cha\u0301o"}) == canonical({"a": "cháo", "b": 1}) == '{"a":"cháo","b":1}'


def test_entries_are_read_newest_first_by_who_act_and_subject(chain):
    found = queries.entries(actors=["officer1"], action="intake.", subject="row:", before=20)
    assert [entry.number for entry in found] == [17, 12, 7, 2]
