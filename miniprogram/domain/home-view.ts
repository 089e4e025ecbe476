/** The "now" card in words; pure. */
import type { Loan, LoanDetail } from '../api/types'
import type { Locale } from '../stores/settings'
import type { Texts } from '../texts/index'
import { dayInWords } from './dates'
import { yuan } from './money'
import { applicationPage } from './next-step'
import type { NowCard } from './now-card'
import { countSchedule, dueRows, isWrittenOff } from './schedule'

export interface Button {
  text: string
  url: string
  primary: boolean
}

export interface CardView {
  eyebrow: string
  tone: '' | 'go' | 'ok' | 'warn' | 'bad'
  tag: string
  heading: string
  amount: string
  text: string
  crossing: { percent: number; label: string; left: string; right: string } | null
  buttons: Button[]
}

type Home = Texts['home']

const view = (home: Home, more: Partial<CardView>): CardView => ({
  eyebrow: home.now, tone: '', tag: '', heading: '', amount: '', text: '', crossing: null, buttons: [], ...more,
})

/** `detail` is the loan of an instalment card. */
export function cardView(card: NowCard, detail: LoanDetail | null, texts: Texts, locale: Locale): CardView {
  const { home, applications } = texts
  switch (card.kind) {
    case 'sign_in':
      return view(home, { eyebrow: home.canDo, heading: home.signInTitle, text: home.signInText, buttons: [go(home.signIn, '/pages/sign-in/sign-in')] })
    case 'unsettled':
      return view(home, {
        tone: 'warn',
        heading: home.unsettledTitle,
        text: home.unsettledText(yuan(card.repayment.amount_fen)),
        buttons: [go(home.unsettledAction, `/loans/payment/payment?id=${card.repayment.id}`)],
      })
    case 'instalment':
      return instalmentView(card, detail, home, locale)
    case 'handoff':
      return view(home, {
        tone: 'warn',
        heading: home.handoffTitle(card.handoff.partner.name),
        amount: yuan(card.handoff.order?.amount_fen ?? 0),
        buttons: [go(home.handoffAction, `/applications/handoff/handoff?id=${card.handoff.id}`)],
      })
    case 'nothing':
      return view(home, { heading: home.nothingTitle, text: home.nothingText })
  }
  const { application } = card
  const at = `/applications/application/application?id=${application.id}`
  const tag = applications.status[application.status] ?? ''
  if (card.kind === 'waiting') {
    return view(home, { tone: 'go', tag, heading: home.waitingTitle, text: home.waitingSteps[application.next_step.kind] ?? '', buttons: [go(home.applicationAction, at, false)] })
  }
  if (card.kind === 'declined') {
    return view(home, { tone: 'bad', tag, heading: home.declinedTitle, text: home.declinedText, buttons: [go(home.declinedAction, at)] })
  }
  const amount = yuan(application.approved_fen ?? application.amount_fen)
  return view(home, { tone: 'ok', tag, heading: home.applicationSteps[application.next_step.kind] ?? '', amount, buttons: [go(home.applicationActions[application.next_step.kind] ?? home.applicationAction, applicationPage(application))] })
}

const go = (text: string, url: string, primary = true): Button => ({ text, url, primary })

function instalmentView(card: NowCard & { kind: 'instalment' }, detail: LoanDetail | null, home: Home, locale: Locale): CardView {
  const { loan, days } = card
  if (loan.overdue_days > 0) return lateView(loan, detail, home)
  const day = dayInWords(loan.next_due_on as string, locale)
  const [row] = detail ? dueRows(detail) : []
  return view(home, {
    ...dueTag(days, home),
    heading: row ? home.instalmentNumber(row.number, day) : home.instalment(day),
    amount: yuan(loan.next_payment_fen ?? 0),
    text: row ? home.parts(yuan(row.principal_fen), yuan(row.interest_fen)) : '',
    crossing: detail && crossingView(detail, home),
    buttons: [go(home.pay, `/loans/repay/repay?id=${loan.id}`), go(home.payEarly, `/loans/early/early?id=${loan.id}`, false)],
  })
}

function lateView(loan: Loan, detail: LoanDetail | null, home: Home): CardView {
  const lost = isWrittenOff(loan)
  return view(home, {
    ...dueTag(-loan.overdue_days, home),
    heading: lost ? home.writtenOff : home.late,
    amount: yuan(loan.due_now_fen),
    text: home.latePenalty(yuan(loan.penalty_fen)),
    crossing: detail && crossingView(detail, home),
    buttons: [go(home.payLate, `/loans/repay/repay?id=${loan.id}`), go(lost ? home.payAll : home.payEarly, `/loans/early/early?id=${loan.id}`, false)],
  })
}

function dueTag(days: number, home: Home): Pick<CardView, 'tone' | 'tag'> {
  if (days < 0) return { tone: 'bad', tag: home.overdue(-days) }
  if (days === 0) return { tone: 'warn', tag: home.dueToday }
  return { tone: days <= 7 ? 'warn' : 'go', tag: home.dueIn(days) }
}

function crossingView(detail: LoanDetail, home: Home): CardView['crossing'] {
  const { paid, total, percent, lastDueOn } = countSchedule(detail)
  return { percent, label: home.crossing(paid, total), left: home.paidCount(paid), right: home.totalCount(total, lastDueOn) }
}
