/** Which one thing a person should do now; pure. */
import type { Application, Handoff, Loan, Repayment } from '../api/types'
import { daysBetween } from './dates'

export type NowCard =
  | { kind: 'sign_in' }
  | { kind: 'unsettled'; repayment: Repayment }
  | { kind: 'instalment'; loan: Loan; days: number }
  | { kind: 'handoff'; handoff: Handoff }
  | { kind: 'application'; application: Application }
  | { kind: 'waiting'; application: Application }
  | { kind: 'declined'; application: Application }
  | { kind: 'nothing' }

export interface Facts {
  signedIn: boolean
  today: string
  applications: Application[]
  loans: Loan[]
  handoffs: Handoff[]
  unsettled: Repayment | null
}

/** An instalment this near comes before an application that waits for its owner. */
const SOON_DAYS = 7
const DECLINED_SHOWN_DAYS = 30

/** Money in doubt first, then money that is due, then an order just brought along, what waits for the person, for the bank. */
export function chooseNowCard(facts: Facts): NowCard {
  if (!facts.signedIn) return { kind: 'sign_in' }
  if (facts.unsettled) return { kind: 'unsettled', repayment: facts.unsettled }
  const instalment = nextInstalment(facts)
  if (instalment && instalment.days <= SOON_DAYS) return instalment
  if (facts.handoffs[0]) return { kind: 'handoff', handoff: facts.handoffs[0] }
  const steps = facts.applications.filter((one) => one.status !== 'declined' && one.status !== 'drawn')
  const mine = steps.find((one) => one.next_step.who === 'customer' && one.next_step.kind !== 'none')
  if (mine) return { kind: 'application', application: mine }
  const theirs = steps.find((one) => one.next_step.kind.startsWith('wait_'))
  if (theirs) return { kind: 'waiting', application: theirs }
  if (instalment) return instalment
  const [latest] = facts.applications
  const recently = latest && daysBetween(latest.submitted_at.slice(0, 10), facts.today) <= DECLINED_SHOWN_DAYS
  if (latest?.status === 'declined' && recently) return { kind: 'declined', application: latest }
  return { kind: 'nothing' }
}

function nextInstalment({ loans, today }: Facts): (NowCard & { kind: 'instalment' }) | null {
  const due = loans
    .filter((loan) => loan.status !== 'settled' && loan.next_due_on !== null)
    .map((loan) => ({ kind: 'instalment' as const, loan, days: daysBetween(today, loan.next_due_on as string) }))
    .sort((a, b) => a.days - b.days)
  return due[0] ?? null
}
