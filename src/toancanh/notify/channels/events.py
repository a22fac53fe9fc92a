"""What a webhook is sent: CloudEvents 1.0 in structured JSON; for a gateway, a short text and the telephone it goes to."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
PREFIX = "vn.toancanh."


def event_body(event_id: uuid.UUID, event_type: str, subject: str, data: Mapping[str, object], at: datetime) -> str:
    """The event as it will be signed and sent, every time the same bytes."""
    event = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": f"urn:toancanh:{settings.ROOT_UNIT}",
        "type": PREFIX + event_type,
        "subject": subject,
        "time": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": dict(data),
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
