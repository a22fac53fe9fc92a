"""What changed lately: keys only, kept for an hour, so that a browser that was away can catch up."""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """One changed thing. `key` is "thing@scope"; the scope is a unit key, a wall or "*"."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "live_change"

    def __str__(self) -> str:
        return self.key
