// A refusal in plain words: what happened, what to do. Codes are the API's; what is not listed is told by its kind.
import type { Refusal } from '../api/client';
import type { Key } from './text';

const BY_CODE: Record<string, string> = {
  network: 'network',
  'phone_code.wrong': 'code_wrong', 'phone_code.expired': 'code_old', 'phone_code.tries_used_up': 'code_old',
  'identity.mismatch': 'identity', 'identity.not_found': 'identity', 'identity.name_malformed': 'identity',
  'identity.id_no_malformed': 'id_bad', 'identity.belongs_to_another_customer': 'id_taken',
  'enterprise.uscc_malformed': 'uscc', 'enterprise.unknown': 'firm_unknown', 'enterprise.not_active': 'firm_closed',
  'enterprise.legal_rep_mismatch': 'firm_rep', 'source.down': 'source', 'consent.text_changed': 'text_changed',
  'application.exists': 'exists', 'application.amount_out_of_range': 'amount', 'application.amount_above_offer': 'amount',
  'application.instalment_too_high': 'instalment', 'application.not_offered': 'offer_over', 'order.closed': 'order',
  'order.differs': 'order', 'cost_sheet.read_first': 'read_first', 'cost_sheet.replaced': 'sheet_old',
  'contract.costs_not_confirmed': 'sheet_old', 'embed.token_expired': 'token', 'embed.token_used': 'token',
  'embed.token_unknown': 'token', 'embed.page_code_refused': 'token', 'embed.frame_session_invalid': 'token',
  'embed.proof_other_key': 'token', 'embed.other_customer': 'other_customer', 'application.not_found': 'other_customer', 'partner.suspended': 'partner',
  'credit_line.exposure_limit_reached': 'partner',
  'embed.origin_not_allowed': 'origin', 'wechat.snapshot_user': 'snapshot', 'auth.step_up_needed': 'code_old',
};

/** The texts' keys and values for a refusal. */
export function words(refusal: Refusal): { title: Key; hint: Key; values: Record<string, string | number> } {
  const name = BY_CODE[refusal.code] ?? (refusal.status === 429 ? 'wait' : refusal.status >= 500 ? 'server' : 'other');
  const values = { n: String(refusal.context.tries_left ?? (refusal.retryAfterS || 60)) };
  return { title: `e_${name}` as Key, hint: `e_${name}_hint` as Key, values };
}
