"""What can be done with customers."""

from app.customers.usecases.consents import grant, require_consents, withdraw
from app.customers.usecases.cool_off import require_cooled_off
from app.customers.usecases.enterprises import BindingQuestion, open_binding, settle_binding
from app.customers.usecases.identity import IdentityQuestion, open_identity_check, settle_identity
from app.customers.usecases.oauth import Trip, arrive, begin_trip, end_reused, redeem, take_state
from app.customers.usecases.phone_changes import (
    FarewellToSend,
    PhoneChanged,
    PhoneChangeView,
    count_new_phone_try,
    farewell,
    finish_phone_change,
    open_new_phone_code,
    open_phone_change,
)
from app.customers.usecases.phone_codes import (
    SIGN_IN,
    CodeToSend,
    count_try,
    open_code,
    open_sign_in_code,
    settle_failed,
    settle_sent,
)
from app.customers.usecases.phone_proofs import PhoneProof, open_phone_proof, settle_phone_proof
from app.customers.usecases.sessions import (
    OpenedSession,
    authenticate,
    end_others,
    revoke_session,
    waiting_session,
)
from app.customers.usecases.sign_in import SignedIn, sign_in_by_phone, sign_in_by_wechat, sign_in_by_wechat_phone
from app.customers.usecases.step_ups import (
    StepUpEvidence,
    StepUpView,
    count_step_up_try,
    grant_step_up,
    open_step_up_code,
    use_step_up,
)

__all__ = [
    "SIGN_IN",
    "BindingQuestion",
    "CodeToSend",
    "FarewellToSend",
    "IdentityQuestion",
    "OpenedSession",
    "PhoneChangeView",
    "PhoneChanged",
    "PhoneProof",
    "SignedIn",
    "StepUpEvidence",
    "StepUpView",
    "Trip",
    "arrive",
    "authenticate",
    "begin_trip",
    "count_new_phone_try",
    "count_step_up_try",
    "count_try",
    "end_others",
    "end_reused",
    "farewell",
    "finish_phone_change",
    "grant",
    "grant_step_up",
    "open_binding",
    "open_code",
    "open_identity_check",
    "open_new_phone_code",
    "open_phone_change",
    "open_phone_proof",
    "open_sign_in_code",
    "open_step_up_code",
    "redeem",
    "require_consents",
    "require_cooled_off",
    "revoke_session",
    "settle_binding",
    "settle_failed",
    "settle_identity",
    "settle_phone_proof",
    "settle_sent",
    "sign_in_by_phone",
    "sign_in_by_wechat",
    "sign_in_by_wechat_phone",
    "take_state",
    "use_step_up",
    "waiting_session",
    "withdraw",
]
