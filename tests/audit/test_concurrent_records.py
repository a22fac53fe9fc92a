"""Writers at the same time still make one chain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from toancanh.audit import queries
from toancanh.audit.services import record


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_make_one_sound_chain():
    def write(writer: int) -> None:
        try:
            for number in range(15):
                with transaction.atomic():
                    record(f"writer{writer}", "test.write", f"n:{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert queries.head().number == 120
    assert queries.verify() is None
