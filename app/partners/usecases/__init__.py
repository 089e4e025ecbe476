"""What can be done with partners: recognise their requests, admit them, manage their keys and origins."""

from app.partners.usecases.admission import (
    add_key,
    add_origin,
    add_publishable_key,
    admit_partner,
    remove_origin,
    resume,
    revoke_key,
    suspend,
)
from app.partners.usecases.authentication import authenticate, purge_nonces, require_scope

__all__ = [
    "add_key",
    "add_origin",
    "add_publishable_key",
    "admit_partner",
    "authenticate",
    "purge_nonces",
    "remove_origin",
    "require_scope",
    "resume",
    "revoke_key",
    "suspend",
]
