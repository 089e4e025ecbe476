/** Consents in words: what for, who, how long; what is in force and what has ended; pure. */
import type { ListedConsent, PartnerTold } from '../api/types'
import type { Texts } from '../texts/index'
import { chinaTime } from './dates'

export interface ConsentView {
  id: string
  title: string
  facts: { label: string; value: string }[]
  withdrawal: string
  withdrawName: string
  open: boolean
  paragraphs: string[]
}

export function consentView(one: ListedConsent, partners: PartnerTold[], { myConsents: t }: Texts): ConsentView {
  const partner = partners.find((told) => told.consent_id === one.id)?.partner_name
  return {
    id: one.id,
    title: one.title,
    facts: [
      { label: t.purpose, value: one.purpose },
      { label: t.recipient, value: partner ? t.withPartner(partner) : one.recipient },
      { label: t.period, value: one.period },
      { label: t.since, value: chinaTime(one.granted_at) },
      { label: t.version, value: one.text_version },
    ].filter((fact) => fact.value),
    withdrawal: one.withdrawal,
    withdrawName: t.withdrawName(one.title),
    open: false,
    paragraphs: [],
  }
}

export const pastConsents = (all: ListedConsent[], { myConsents: t }: Texts): { id: string; title: string; note: string }[] =>
  all.filter((one) => one.withdrawn_at).map((one) => ({ id: one.id, title: one.title, note: t.ended(chinaTime(one.withdrawn_at as string)) }))
