"""What can be done with partners: recognise their requests, admit them, manage their keys and origins."""

from app.partners.usecases.admission import (
    add_origin,
    add_publishable_key,
    admit_partner,
    change_agreement,
    remove_origin,
    resume,
    suspend,
)
from app.partners.usecases.authentication import authenticate, purge_nonces, require_scope
from app.partners.usecases.keys import (
    NewKey,
    add_key,
    add_own_key,
    revoke_key,
    revoke_own_key,
    rotate_key,
    take_back_key,
)
from app.partners.usecases.tokens import (
    NewToken,
    TokenScopeRefused,
    authenticate_token,
    issue_token,
    issue_token_by_assertion,
    purge_tokens,
)

__all__ = [
    "NewKey",
    "NewToken",
    "TokenScopeRefused",
    "add_key",
    "add_origin",
    "add_own_key",
    "add_publishable_key",
    "admit_partner",
    "authenticate",
    "authenticate_token",
    "change_agreement",
    "issue_token",
    "issue_token_by_assertion",
    "purge_nonces",
    "purge_tokens",
    "remove_origin",
    "require_scope",
    "resume",
    "revoke_key",
    "revoke_own_key",
    "rotate_key",
    "suspend",
    "take_back_key",
]
