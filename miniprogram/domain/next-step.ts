/** Where the person stands on the way to a loan, by the bank's word; pure. Each step is a page of its own. */
import type { Application, ConsentText, Enterprise, Handoff, Me } from '../api/types'

/** What is asked for on one page; the credit record on a page of its own, as the law wants it. */
export const CONSENTS = { basics: ['privacy_terms', 'identity_check'], sources: ['tax_data', 'invoice_data'], bureau: ['bureau_query'] }
export type Group = keyof typeof CONSENTS

export interface Standing {
  handoff: Handoff
  me: Me
  enterprises: Enterprise[]
  /** Chosen before on this phone; empty when it was not. */
  enterpriseId: string
  texts: ConsentText[]
  given: Set<string>
}

/** How a consent is told apart: its kind, and the enterprise it is about. */
export const consentKey = (kind: string, enterpriseId: string | null): string => `${kind}:${enterpriseId ?? ''}`

export const isGiven = (text: ConsentText, { given, enterpriseId }: Pick<Standing, 'given' | 'enterpriseId'>): boolean =>
  given.has(consentKey(text.kind, text.about_enterprise ? enterpriseId : null))

export const textsOf = (group: Group, texts: ConsentText[]): ConsentText[] =>
  texts.filter((text) => CONSENTS[group].includes(text.kind))

/** The page of the next step of an application that is not sent yet. */
export function nextPage(standing: Standing): string {
  const { handoff, me, enterprises, enterpriseId, texts } = standing
  const page = (name: string, more = ''): string => `/applications/${name}/${name}?handoff=${handoff.id}${more}`
  const missing = (group: Group): boolean => textsOf(group, texts).some((text) => !isGiven(text, standing))
  if (handoff.order?.application_id) return `/applications/application/application?id=${handoff.order.application_id}`
  if (me.level !== 'identified') return missing('basics') ? page('consents', '&group=basics') : page('identity')
  if (!enterprises.some((one) => one.id === enterpriseId)) return page('enterprise')
  const next = (['sources', 'bureau'] as const).find(missing)
  return next ? page('consents', `&group=${next}`) : page('terms')
}

const PAGES: Record<string, string> = { confirm_costs: 'costs', prepare_contract: 'contract', sign_contract: 'contract' }

/** The page where an application goes on; its own page tells what cannot be done now. */
export function applicationPage({ id, next_step, approved_fen, amount_fen, pays_order }: Application): string {
  const short = pays_order && (approved_fen ?? amount_fen) < amount_fen // it could not pay the order
  const name = (!short && PAGES[next_step.kind]) || 'application'
  return `/applications/${name}/${name}?id=${id}`
}
