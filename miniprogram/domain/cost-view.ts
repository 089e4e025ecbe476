/** The cost sheet in words and sums as the page shows them; pure. */
import type { CostSheet } from '../api/types'
import type { Locale } from '../stores/settings'
import { wordsOf, type Texts } from '../texts/index'
import { percent, yuan } from './money'

export function costView({ body, number }: CostSheet, payee: string, texts: Texts, locale: Locale): object {
  const { costs: t, common, method } = texts
  const { first_payment_fen: first, last_payment_fen: last } = body.examples.normal
  const each = first === last ? `${yuan(first)} ${common.yuan}` : t.eachLast(yuan(first), yuan(last))
  return {
    rate: percent(body.all_in_annual_rate),
    parts: t.parts(percent(body.interest_annual_rate), percent(body.fees_annual_rate)),
    facts: [
      { label: t.received, value: `${yuan(body.received_fen)} ${common.yuan}` },
      ...(payee ? [{ label: t.paidTo, value: payee }] : []),
      { label: t.term, value: common.months(body.term_months) },
      { label: t.method, value: method[body.repayment_method] ?? body.repayment_method },
      { label: t.each, value: each },
    ],
    items: body.items.map((item) => ({
      code: item.code, name: wordsOf(item.name, locale), standard: wordsOf(item.standard, locale), by: item.charged_by ? wordsOf(item.charged_by, locale) : '—', sum: yuan(item.amount_fen),
    })),
    total: yuan(body.total_cost_fen),
    nothingElse: wordsOf(body.no_other_charges, locale),
    cases: cases(body.examples, t),
    plan: body.instalments.map((row) => ({
      number: row.number, due: row.due_on, principal: yuan(row.principal_fen), interest: yuan(row.interest_fen), payment: yuan(row.payment_fen),
    })),
    recompute: t.recompute(body.method),
    number: t.number(number),
  }
}

function cases({ late, early, misuse }: CostSheet['body']['examples'], t: Texts['costs']): object[] {
  return [
    { name: t.late(late.instalment, late.days), note: t.lateNote(percent(late.annual_rate)), sum: t.more(yuan(late.extra_fen)), tone: 'bad' },
    { name: t.early(early.after_instalment), note: t.earlyNote(yuan(early.fee_fen)), sum: t.less(yuan(early.saved_fen)), tone: 'ok' },
    { name: t.misuse, note: t.misuseNote(percent(misuse.annual_rate)), sum: t.daily, tone: 'bad' },
  ]
}
