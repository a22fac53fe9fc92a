"""Counts what the centre of the environment holds of a dataset, in the store and in the register of deliveries; prints JSON.

Run: TOANCANH_DATA=folder TOANCANH_STORE=http://127.0.0.1:port python -m tests.faults.count dossiers
"""

from __future__ import annotations

import json
import os
import sys


def main(code: str) -> None:
    """Print {"rows", "keys", "lines", "deliveries", "accepted"}: current rows, distinct keys, distinct (delivery, line) pairs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toancanh.site.settings")
    import django

    django.setup()
    from django.db.models import Count, Sum

    from toancanh.intake.models import Delivery
    from toancanh.kernel.registry import registry
    from toancanh.store import engine, rows, tables

    dataset = registry.dataset(code)
    assert dataset is not None
    tables.ensure([dataset])
    keys = ", ".join(f"`{name}`" for name in dataset.key)
    sql = f"SELECT uniqExact(({keys})), uniqExact((_seq, _line)) FROM {tables.table_name(dataset)}"
    ((distinct, lines),) = engine.query(sql)
    totals = Delivery.objects.filter(dataset=code).aggregate(deliveries=Count("pk"), accepted=Sum("accepted"))
    found = {"rows": rows.drill_count(dataset), "keys": int(distinct), "lines": int(lines)}
    print(json.dumps(found | {name: value or 0 for name, value in totals.items()}))


if __name__ == "__main__":
    main(sys.argv[1])
