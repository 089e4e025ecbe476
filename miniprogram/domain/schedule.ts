/** A loan's schedule counted and drawn; pure. */
import type { Instalment, Loan, LoanDetail } from '../api/types'
import { sum } from './money'

/** The bank has moved the debt off its main books; it is owed as before, until it is settled. */
export const isWrittenOff = ({ written_off_on: on, status }: Loan): boolean => on !== null && status !== 'settled'
export const isPaid = (row: Instalment): boolean => row.status !== 'due'
export const dueRows = (loan: LoanDetail): Instalment[] => loan.instalments.filter((row) => row.status === 'due')

export interface Counts {
  paid: number
  total: number
  percent: number
  lastDueOn: string
  interestFen: number
  paidInterestFen: number
}

export function countSchedule(loan: LoanDetail): Counts {
  const rows = loan.instalments
  const paid = rows.filter(isPaid)
  return {
    paid: paid.length,
    total: rows.length,
    percent: rows.length ? Math.round((paid.length / rows.length) * 100) : 0,
    lastDueOn: rows[rows.length - 1]?.due_on ?? '',
    interestFen: sum(rows.map((row) => row.interest_fen)),
    paidInterestFen: sum(paid.map((row) => row.interest_fen)),
  }
}

export interface Bar {
  number: number
  label: string
  principalPercent: number
  interestPercent: number
  paid: boolean
  now: boolean
}

export interface Chart {
  bars: Bar[]
  lines: { label: number; percent: number }[]
  first: Instalment
  last: Instalment
}

const MOST_LABELS = 12

/** Its number in the plan; what was paid early beside the plan has none. */
export const numberOf = (row: Instalment): string => (['payoff', 'prepaid'].includes(row.status) ? '—' : String(row.number))

/** Bars from zero, at most two grid lines above it, every label while there is room. */
export function drawChart(rows: Instalment[]): Chart | null {
  if (!rows.length) return null
  const highest = Math.max(...rows.map((row) => row.payment_fen))
  const step = roundStep(highest)
  const top = Math.max(highest, step)
  const part = (fen: number): number => Math.round((fen / top) * 1000) / 10
  const next = rows.find((row) => row.status === 'due')?.number
  const every = Math.ceil(rows.length / MOST_LABELS)
  return {
    bars: rows.map((row, index) => ({
      number: row.number,
      label: index % every === 0 ? numberOf(row) : '',
      principalPercent: part(row.principal_fen),
      interestPercent: part(row.interest_fen),
      paid: isPaid(row),
      now: row.number === next,
    })),
    lines: [1, 2].map((count) => count * step).filter((fen) => fen <= top).map((fen) => ({ label: fen / 100, percent: part(fen) })),
    first: rows[0],
    last: rows[rows.length - 1],
  }
}

/** Half of the highest, rounded down to one digit: 860,664 fen → steps of 400,000. */
function roundStep(highestFen: number): number {
  const half = Math.max(highestFen / 2, 1)
  const unit = 10 ** Math.floor(Math.log10(half))
  return Math.floor(half / unit) * unit
}
