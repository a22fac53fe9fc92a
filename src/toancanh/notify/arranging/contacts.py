"""Where and when a person may be reached outside the inbox: set by each for oneself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from toancanh.audit.services import record
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.models import Contact
from toancanh.people.models import User
from toancanh.people.policy import read_only

_PHONE = re.compile(r"(?:\+84|84|0)(\d{9,10})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How a person wants to be reached. `digest_hour` None: minor things stay in the inbox."""

    email: str = ""
    phone: str = ""
    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_hour: int | None = 7


def contact_of(user: User) -> Contact:
    """The person's contact; an empty one when nothing was set yet."""
    return Contact.objects.filter(user=user).first() or Contact(user=user)


def set_contact(actor: User, wishes: Wishes) -> Contact:
    """Keep how the actor wants to be reached. Raises `Problem` 403, 422."""
    if actor.read_only:
        raise read_only()
    columns = {
        "email": _email(wishes.email),
        "phone": _phone(wishes.phone),
        "quiet_from": wishes.quiet_from,
        "quiet_to": wishes.quiet_to,
        "digest_hour": wishes.digest_hour,
    }
    if (wishes.quiet_from is None) != (wishes.quiet_to is None):
        raise _refused("quiet-hours", Text("Nhập cả giờ bắt đầu và giờ kết thúc.", "Enter both the beginning and the end."))
    if wishes.digest_hour is not None and not 0 <= wishes.digest_hour <= 23:
        raise _refused("digest-hour", Text("Chọn một giờ từ 0 đến 23.", "Choose an hour from 0 to 23."))
    with transaction.atomic():
        before = contact_of(actor)
        changed = [name for name, value in columns.items() if getattr(before, name) != value]
        contact, _ = Contact.objects.update_or_create(user=actor, defaults=columns)
        # which fields, not what stands in them: the record is for good, and read by others
        record(actor.label, "notify.set_contact", f"user:{actor.username}", detail={"changed": changed}, address=actor.address)
    return contact


def _email(typed: str) -> str:
    address = typed.strip()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        raise _refused(
            "bad-email", Text("Nhập địa chỉ dạng ten@coquan.gov.vn.", "Enter an address such as name@agency.gov.vn.")
        ) from None
    if len(address) > 254 or not address.isascii():
        raise _refused("bad-email", Text("Địa chỉ thư chỉ gồm chữ không dấu.", "The address must be in plain letters."))
    return address


def _phone(typed: str) -> str:
    digits = re.sub(r"[\s.()-]", "", typed)
    if not digits:
        return ""
    found = _PHONE.fullmatch(digits)
    if found is None:
        raise _refused("bad-phone", Text("Nhập số dạng 0912 345 678 hoặc +84…", "Enter a number such as 0912 345 678 or +84…"))
    return f"+84{found[1]}"


def _refused(code: str, detail: Text) -> Problem:
    return Problem(code, 422, Text("Chưa lưu được", "Not saved"), detail)
