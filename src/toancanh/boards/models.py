"""What a wall of screens is showing, and what it shows next."""

from __future__ import annotations

from django.db import models


class Wall(models.Model):
    """A wall by its code. `scenes` are codes in the order of rotation (empty = all); `held` stops the rotation.

    In visitor mode the wall shows the province alone: no place, agency or source by name.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    scenes = models.JSONField(default=list, blank=True)
    current = models.CharField(max_length=64, default="overview")
    seconds = models.PositiveSmallIntegerField(default=30)
    held = models.BooleanField(default=False)
    visitor = models.BooleanField(default=False)
    taken_by = models.BigIntegerField(null=True, blank=True)  # the urgent incident that has the wall until it is acknowledged
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=150, default="", blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code
