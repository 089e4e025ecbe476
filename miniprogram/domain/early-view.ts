/** Paying early in words: the ways side by side, and of what today's sum is made; pure. */
import type { EarlyQuote, LoanDetail, Mode, PayOff } from '../api/types'
import type { Texts } from '../texts/index'
import { yuan } from './money'
import { lowering, settling, staying, type Outcome } from './prepayment'

interface Line {
  what: string
  values: string[]
  look: string
}

export interface EarlyView {
  mode: Mode
  total: string
  saved: string
  columns: string[]
  lines: Line[]
  ways: { value: Mode; label: string; note: string }[]
  parts: string
}

/** The whole loan today, beside staying. */
export function wholeView(loan: LoanDetail, whole: PayOff, { early: t }: Texts): EarlyView {
  const found = [staying(loan, whole), settling(whole)]
  const { total_fen: total, principal_fen: principal, interest_fen: interest, penalty_fen: penalty } = whole
  return {
    mode: 'shorter_term',
    total: yuan(total),
    saved: t.savedText(yuan(whole.interest_saved_fen)),
    columns: [t.stay, t.settle],
    lines: [
      line(t.today, found, (one) => yuan(one.todayFen)),
      line(t.later, found, (one) => yuan(one.laterFen)),
      line(t.count, found, (one) => t.countValue(one.instalments)),
      line(t.interest, found, (one) => yuan(one.interestFen), 'sum'),
    ],
    ways: [],
    parts: interest < 0 ? t.lessText(yuan(-interest)) : t.wholeParts(yuan(total), yuan(principal), yuan(interest), penalty ? yuan(penalty) : ''),
  }
}

const MODES: Mode[] = ['shorter_term', 'lower_instalment']

/** A part today: what is left becomes shorter or lower; only one of them when both come to the same. */
export function partView(loan: LoanDetail, whole: PayOff, quote: EarlyQuote, wanted: Mode, { early: t }: Texts): EarlyView {
  const both = MODES.map((mode) => lowering(whole, quote, mode))
  const same = both[0].instalments === both[1].instalments && both[0].nextFen === both[1].nextFen
  const mode = same ? 'lower_instalment' : wanted
  const found = [staying(loan, whole), ...(same ? [both[1]] : both)]
  const { amount_fen: amount, principal_fen: principal, interest_fen: interest, arrears_fen: arrears, penalty_fen: penalty } = quote
  return {
    mode,
    total: yuan(amount),
    saved: t.partSaved(yuan(both[MODES.indexOf(mode)].savedFen)),
    columns: [t.stay, ...(same ? [t.lower] : [t.shorter, t.lower])],
    lines: [
      line(t.today, found, (one) => yuan(one.todayFen)),
      line(t.next, found, (one) => yuan(one.nextFen)),
      line(t.last, found, (one) => yuan(one.lastFen)),
      line(t.count, found, (one) => t.countValue(one.instalments)),
      line(t.interest, found, (one) => yuan(one.interestFen)),
      line(t.saved, found, (one) => yuan(one.savedFen), 'sum'),
    ],
    ways: same ? [] : MODES.map((value, index) => ({ value, label: t.ways[value], note: wayNote(value, both[index], t) })),
    parts: t.partParts(yuan(amount), yuan(principal), yuan(interest), arrears + penalty ? yuan(arrears + penalty) : ''),
  }
}

const wayNote = (mode: Mode, way: Outcome, t: Texts['early']): string =>
  mode === 'shorter_term' ? t.shorterNote(way.instalments, way.endsOn, yuan(way.savedFen)) : t.lowerNote(yuan(way.nextFen), way.instalments, yuan(way.savedFen))

const line = (what: string, found: Outcome[], said: (one: Outcome) => string, look = ''): Line => ({ what, values: found.map(said), look })

/** Why the bank would not take this amount, beside the field. */
export function partRefused(code: string, context: Record<string, unknown>, { early: t, common }: Texts): string {
  if (code === 'prepayment.settles_loan') return t.amountWhole(yuan(Number(context.pay_off_fen)))
  if (code === 'prepayment.amount_too_small') return t.amountSmall
  return code === 'offline' ? common.offlineText : `${common.refusedTitle} · ${code}`
}
