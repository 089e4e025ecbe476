"""A new key beside the old one, written to a file that only its owner reads."""

from __future__ import annotations

import os
from typing import Any

from dukou_partner.client import Client
from dukou_partner.signing import Ed25519Signer, HmacSigner, Signer, new_key_pair


def rotate_key(client: Client, *, into: str, revoke_old: bool = False) -> str:
    """Make a key with the rights of the asking one, write its secret or private key into the new file `into`, and call
    once with it. The old key is revoked only after that, and only if asked. Answers what to set. Raises DukouError,
    FileExistsError.
    """
    old_id = client.get("/whoami")["key_id"]
    old = next(key for key in client.pages("/keys") if key["key_id"] == old_id)
    wanted = {name: old[name] for name in ("algorithm", "scopes", "networks", "version")}
    file = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # before there is a secret to lose
    private = None
    if old["algorithm"] == "ed25519":
        private, wanted["public_key_pem"] = new_key_pair()
    made: Any = client.post("/keys", wanted)
    key_id, kept = made["key"]["key_id"], private or made["secret"]
    with os.fdopen(file, "w") as out:
        out.write(kept)
    signer: Signer = Ed25519Signer(key_id, kept) if private else HmacSigner(key_id, kept)
    with Client(client.base_url, signer) as fresh:
        fresh.get("/whoami")
        if revoke_old:
            fresh.post(f"/keys/{old_id}/revocation")
    kind = f"DUKOU_PRIVATE_KEY_FILE={into}" if private else f"DUKOU_SECRET: the line in {into}"
    return f"DUKOU_KEY_ID={key_id}\n{kind}\n{old_id} {'is revoked' if revoke_old else 'goes on until you revoke it'}"
