"""Secrets of the ways out, each in a file of the data folder that only the centre's own account can read."""

from __future__ import annotations

import base64
import os
import uuid
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02


def webhook_secret(pk: int) -> str:
    """The signing secret of the webhook `pk`. Raises FileNotFoundError when it has none."""
    return _path(f"webhook-{pk}").read_text(encoding="utf-8").strip()


def keep_webhook_secret(pk: int, secret: str) -> None:
    """Keep the secret of the webhook `pk`, in place of another one at one stroke: at no moment is there none."""
    path = _path(f"webhook-{pk}")
    new = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    _write(new, secret)
    new.replace(path)


def forget_webhook_secret(pk: int) -> None:
    _path(f"webhook-{pk}").unlink(missing_ok=True)


def vapid() -> Vapid02:
    """The centre's own key pair for push services (RFC 8292), made when it is first needed."""
    path = _path("vapid.pem")
    if not path.exists():
        pair = Vapid02()
        pair.generate_keys()
        try:
            _write(path, pair.private_pem().decode())
        except FileExistsError:  # somebody else was faster
            pass
        else:
            return pair
    return Vapid02.from_pem(path.read_bytes())


def vapid_public_key() -> str:
    """The public key as a browser's `applicationServerKey`: base64url of the uncompressed point."""
    public: ec.EllipticCurvePublicKey = vapid().public_key
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def _path(name: str) -> Path:
    return Path(settings.DATA) / "secrets" / name


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
