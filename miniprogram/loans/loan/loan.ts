/** One loan: what is left, the yearly rate, the schedule as chart and table, the receipts. */
import * as api from '../../api/calls'
import { bankNow } from '../../api/client'
import type { Debit, Instalment, LoanChange, LoanDebits, LoanDetail, PayOff, Repayment } from '../../api/types'
import { chinaTime, dayInWords } from '../../domain/dates'
import { lastRefusal } from '../../domain/debit-view'
import { ending, mandateLine } from '../../domain/mandate-view'
import { percent, yuan } from '../../domain/money'
import { countSchedule, dueRows, isWrittenOff } from '../../domain/schedule'
import { dress, load, undressed } from '../../stores/screen'
import type { Locale } from '../../stores/settings'
import type { Texts } from '../../texts/index'

Page({
  data: {
    ...undressed(),
    id: '',
    outstanding: '',
    tone: '',
    tag: '',
    rate: '',
    crossing: {},
    facts: [] as object[],
    rows: [] as Instalment[],
    repayments: [] as object[],
    changes: [] as object[],
    pay: '',
    early: '',
    overdue: '',
    collect: '',
    refused: '',
    automatic: {},
  },

  onLoad(query: Record<string, string>) {
    this.setData({ id: query.id })
  },

  onShow() {
    this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'loan')
    return load(this, texts, async () => {
      const { id } = this.data
      const [loan, repayments, debits, mandates] = await Promise.all([api.loan(id), api.repayments(id), api.debits(id), api.mandates()])
      const owed = isWrittenOff(loan) ? await api.payOff(id) : null
      this.setData({ ...loanView(loan, owed, texts), rows: loan.instalments, changes: loan.changes.map((one) => changeView(one, texts)), repayments: repaymentViews(repayments.items, debits.items, texts) })
      this.setData({ ...debitLines(debits, texts, locale), automatic: { title: texts.automatic.title, note: mandateLine(mandates.items, texts, bankNow()) } })
    })
  },

  goRepay() {
    void wx.navigateTo({ url: `/loans/repay/repay?id=${this.data.id}` })
  },

  goEarly() {
    void wx.navigateTo({ url: `/loans/early/early?id=${this.data.id}` })
  },
})

function loanView(loan: LoanDetail, owed: PayOff | null, { loan: t, loans, common, method, home }: Texts): object {
  const counts = countSchedule(loan)
  const [next] = dueRows(loan)
  const settled = loan.status === 'settled'
  const late = loan.overdue_days > 0
  const amount = (fen: number): string => `${yuan(fen)} ${common.yuan}`
  const facts = [
    { label: t.principal, value: amount(loan.principal_fen) },
    { label: t.interestTotal, value: amount(counts.interestFen) },
    { label: t.interestPaid, value: amount(counts.paidInterestFen) },
    { label: t.method, value: method[loan.method] ?? loan.method },
    { label: t.number, value: loan.loan_no },
  ]
  if (loan.repricing) facts.splice(4, 0, { label: t.floating, value: t.floatingAs(loan.repricing.benchmark === 'lpr_5y', loan.repricing.spread_bps, loan.repricing.next_on) })
  if (loan.credit_fen) facts.push({ label: t.credit, value: amount(loan.credit_fen) })
  return {
    outstanding: yuan(loan.outstanding_principal_fen),
    tone: settled ? 'ok' : owed || late ? 'bad' : 'go',
    tag: settled ? loans.settled : owed ? loans.writtenOff : late ? home.overdue(loan.overdue_days) : loans.active,
    overdue: owed ? t.writtenOff(loan.written_off_on as string, yuan(owed.total_fen)) : late ? t.overdue(yuan(loan.due_now_fen), yuan(loan.penalty_fen)) : '',
    rate: percent(loan.all_in_annual_rate),
    crossing: {
      percent: settled ? 100 : counts.percent,
      start: t.crossingStart(loan.start_on),
      now: t.crossingNow(counts.paid, counts.total),
      end: t.crossingEnd(counts.lastDueOn),
    },
    facts,
    pay: next ? (late ? t.payDue : t.pay(next.number)) : '',
    early: owed ? t.payAll : t.payEarly,
  }
}

/** When something is taken next, and what came of the last try if that was nothing. */
function debitLines({ items, next }: LoanDebits, texts: Texts, locale: Locale): { collect: string; refused: string } {
  const collect = next ? texts.automatic.willCollect(dayInWords(next.on, locale), ending(next.account, texts)) : ''
  return { collect, refused: next ? lastRefusal(items, texts) : '' }
}

/** Booked ones lead to their receipt, open ones to their state; closed ones moved no money and are left out. */
function repaymentViews(repayments: Repayment[], debits: Debit[], { loan: t, common, home, debit }: Texts): object[] {
  const byAccount = new Map(debits.map((one) => [one.repayment_id, one.status]))
  return repayments
    .filter((one) => one.status !== 'closed')
    .map((one) => {
      const applied = one.status === 'applied'
      const named: Record<string, string> = { due: t.dueReceipt, prepayment: t.prepaymentReceipt, payoff: t.payoffReceipt }
      const what = one.instalment_number ? t.instalmentReceipt(one.instalment_number) : named[one.kind]
      return {
        id: one.id,
        title: `${what} · ${yuan(one.amount_fen)} ${common.yuan}`,
        note: applied && one.paid_at ? chinaTime(one.paid_at) : one.status === 'reversed' ? (byAccount.get(one.id) === 'returned' ? debit.returned : debit.reversed) : byAccount.has(one.id) ? debit.waiting : home.unsettledAction,
        url: applied ? `/loans/receipt/receipt?id=${one.id}` : `/loans/payment/payment?id=${one.id}`,
      }
    })
}

/** What was changed, from when, and the figures that are others since. */
function changeView({ id, effective_on, kind, before, after }: LoanChange, { loan: t, common }: Texts): object {
  const moved = (label: string, from: string, to: string): string => (from === to ? '' : t.changed(label, from, to))
  const parts = [
    moved(t.changedRate, percent(before.annual_rate), percent(after.annual_rate)),
    moved(t.changedDay, String(before.due_day ?? ''), String(after.due_day ?? '')),
    moved(t.changedEnd, before.last_due_on, after.last_due_on),
    moved(t.changedNext, `${yuan(before.next_payment_fen)} ${common.yuan}`, `${yuan(after.next_payment_fen)} ${common.yuan}`),
  ]
  return { id, title: `${effective_on} · ${t.changes[kind] ?? kind}`, note: parts.filter(Boolean).join('\n') }
}
