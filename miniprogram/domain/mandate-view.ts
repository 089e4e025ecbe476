/** A mandate in words: which account, whether it is in use, why one has ended; pure. */
import type { Mandate } from '../api/types'
import type { Texts } from '../texts/index'
import { chinaTime } from './dates'

export type Standing = 'active' | 'resting' | 'suspended'

/** The account's last digits in the reader's language; the bank sends them in Chinese. */
export const ending = (account: string, { automatic }: Texts): string => automatic.ending(account.slice(-4))

/** The account that is or was just in use; one that was named but never agreed to is none. */
export function currentMandate(mandates: Mandate[]): Mandate | null {
  const [newest] = mandates.filter((one) => one.confirmed_at !== null)
  return newest?.status === 'active' || newest?.status === 'suspended' ? newest : null
}

export function standingOf(mandate: Mandate, now: number): Standing {
  if (mandate.status === 'suspended') return 'suspended'
  const [confirmed, usable] = [mandate.confirmed_at, mandate.usable_from].map((at) => Date.parse(at ?? ''))
  // a first account is in use at once, also on a phone whose clock is behind
  return usable > confirmed && usable > now ? 'resting' : 'active'
}

/** May money be taken from this account now? */
export const usableMandate = (mandates: Mandate[], now: number): Mandate | null => {
  const found = currentMandate(mandates)
  return found && standingOf(found, now) === 'active' ? found : null
}

/** The line on the loan's page. */
export function mandateLine(mandates: Mandate[], texts: Texts, now: number): string {
  const { automatic: t } = texts
  const found = currentMandate(mandates)
  if (!found) return t.cellOff
  const account = ending(found.account, texts)
  const standing = standingOf(found, now)
  if (standing === 'suspended') return t.cellSuspended
  return standing === 'resting' ? t.cellResting(account, chinaTime(found.usable_from as string)) : t.cellOn(account)
}

export interface MandateView {
  id: string
  tone: 'ok' | 'go' | 'bad'
  tag: string
  heading: string
  remark: string
  remarkTone: 'info' | 'warn' | 'bad'
  facts: { label: string; value: string }[]
}

const TONES = { active: 'ok', resting: 'go', suspended: 'bad' } as const
const REMARKS = { active: 'info', resting: 'warn', suspended: 'bad' } as const

export function mandateView(mandate: Mandate, texts: Texts, now: number): MandateView {
  const { automatic: t } = texts
  const standing = standingOf(mandate, now)
  const usable = mandate.usable_from ? chinaTime(mandate.usable_from) : ''
  const remarks = { active: t.how, resting: t.restText(usable), suspended: t.suspendedText }
  return {
    id: mandate.id,
    tone: TONES[standing],
    tag: t.status[standing],
    heading: ending(mandate.account, texts),
    remark: remarks[standing],
    remarkTone: REMARKS[standing],
    facts: [
      { label: t.bank, value: mandate.bank_code },
      { label: t.since, value: mandate.confirmed_at ? chinaTime(mandate.confirmed_at) : '' },
      { label: t.usable, value: usable },
    ],
  }
}

/** Accounts that were agreed to and have ended, newest first. */
export function pastMandates(mandates: Mandate[], texts: Texts): { id: string; title: string; note: string }[] {
  const { automatic: t } = texts
  return mandates
    .filter((one) => one.confirmed_at && (one.status === 'revoked' || one.status === 'replaced'))
    .map((one) => ({ id: one.id, title: ending(one.account, texts), note: t.ended(chinaTime(one.ended_at as string), t.endedBy[one.ended_by ?? ''] ?? '') }))
}
