/** Paying early, all of it or a part, beside staying with the schedule; pure. */
import type { EarlyQuote, Instalment, LoanDetail, Mode, PayOff } from '../api/types'
import { dueRows } from './schedule'

/** What a way of paying costs today and later. `interestFen`: all interest still to come, today's share in it. */
export interface Outcome {
  todayFen: number
  laterFen: number
  nextFen: number
  lastFen: number
  instalments: number
  endsOn: string
  interestFen: number
  savedFen: number
}

type Row = Pick<Instalment, 'due_on' | 'payment_fen'>

const plan = (rows: Row[]): Pick<Outcome, 'nextFen' | 'lastFen' | 'instalments' | 'endsOn'> => ({
  nextFen: rows[0]?.payment_fen ?? 0,
  lastFen: rows[rows.length - 1]?.payment_fen ?? 0,
  instalments: rows.length,
  endsOn: rows[rows.length - 1]?.due_on ?? '',
})

/** Nothing is paid early. */
export const staying = (loan: LoanDetail, whole: PayOff): Outcome => ({
  ...plan(dueRows(loan)), todayFen: 0, laterFen: whole.remaining_total_fen, interestFen: whole.remaining_interest_fen, savedFen: 0,
})

/** Everything is paid today. */
export const settling = (whole: PayOff): Outcome => ({
  ...plan([]), todayFen: whole.total_fen, laterFen: 0, interestFen: whole.interest_fen, savedFen: whole.interest_saved_fen,
})

/** A part is paid today; the rest as the bank would draw it up. */
export function lowering(whole: PayOff, quote: EarlyQuote, mode: Mode): Outcome {
  const left = quote[mode]
  const rows = left?.instalments ?? []
  const savedFen = left?.interest_saved_fen ?? 0
  return {
    ...plan(rows),
    todayFen: quote.amount_fen,
    laterFen: rows.reduce((total, row) => total + row.payment_fen, 0),
    interestFen: whole.remaining_interest_fen - savedFen,
    savedFen,
  }
}

/** Two amounts to begin with: about a quarter and a half of what is left, as round as people say them. */
export function usualParts(outstandingFen: number): number[] {
  const round = (fen: number): number => {
    const unit = Math.max(10 ** Math.floor(Math.log10(Math.max(fen, 1))), 10_000)
    return Math.floor(fen / unit) * unit
  }
  return [...new Set([round(outstandingFen / 4), round(outstandingFen / 2)])].filter((fen) => fen > 0)
}
