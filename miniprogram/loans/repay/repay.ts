/** Pay the next instalment; when something is late, all that is due today with it. */
import * as api from '../../api/calls'
import { bankNow } from '../../api/client'
import type { LoanDetail } from '../../api/types'
import { dayInWords, daysBetween, today } from '../../domain/dates'
import { ending, usableMandate } from '../../domain/mandate-view'
import { fenOf, yuan } from '../../domain/money'
import { dueRows, isWrittenOff } from '../../domain/schedule'
import { Intent, type PayWay } from '../../stores/payments'
import { notPaying, payOnce } from '../../stores/pay-page'
import { dress, load, READY, undressed, type PageState } from '../../stores/screen'
import { settings, type Locale } from '../../stores/settings'
import { textsOf, type Texts } from '../../texts/index'

Page({
  data: { ...undressed(), ...notPaying(), heading: '', amount: '', facts: [] as object[], remark: '', tone: 'info', way: 'wechat' as PayWay, account: '', go: '', ways: {} as object, lost: false, typed: '', hint: '', wrong: '' },
  intent: undefined as Intent | undefined,
  due: 0,

  onLoad(query: Record<string, string>) {
    this.intent = new Intent(query.id, { kind: 'instalment' })
  },

  onShow() {
    this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'repay')
    const { nothing, nothingText } = texts.repay
    return load(this, texts, async (): Promise<PageState> => {
      const [loan, { items }] = await Promise.all([api.loan((this.intent as Intent).loanId), api.mandates()])
      const kind = loan.overdue_days > 0 ? 'due' : 'instalment'
      if (this.intent?.wanted.kind !== kind) this.intent = new Intent(loan.id, { kind }, this.data.way)
      this.offerPart(loan, kind === 'due' && isWrittenOff(loan), texts)
      const mandate = usableMandate(items, bankNow())
      const { way, wechat, accountNote, setUp, setUpNote } = texts.debit
      this.setData({ ways: { way, wechat, accountNote, setUp, setUpNote }, account: mandate ? texts.debit.account(ending(mandate.account, texts)) : '' })
      this.choose(mandate ? this.data.way : 'wechat')
      if (kind === 'due') void wx.setNavigationBarTitle({ title: texts.loan.payDue })
      const found = kind === 'due' ? dueView(loan, texts) : instalmentView(loan, texts, locale)
      if (!found) return { ...READY, status: 'empty', title: nothing, text: nothingText }
      this.setData(found)
      return READY
    })
  },

  /** What a written-off loan owes may be paid part by part; all of it is offered first. */
  offerPart(loan: LoanDetail, lost: boolean, { repay }: Texts) {
    this.due = loan.due_now_fen
    if (lost && !this.data.lost) this.setData({ typed: yuan(loan.due_now_fen) })
    this.setData({ lost, hint: repay.someHint(yuan(loan.due_now_fen)) })
  },

  onAmount(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const { repay } = textsOf(settings.locale())
    const fen = fenOf(event.detail.value)
    const fits = fen !== null && fen > 0 && fen <= this.due
    if (fits) this.intent = new Intent((this.intent as Intent).loanId, { kind: 'due', amount_fen: fen }, this.data.way)
    this.setData({ typed: event.detail.value, wrong: fits ? '' : repay.someWrong(yuan(this.due)), refusal: null })
  },

  chooseWay(event: WechatMiniprogram.CustomEvent<{ value: PayWay }>) {
    this.choose(event.detail.value)
  },

  /** Another way is another intent: it has a key of its own. */
  choose(way: PayWay) {
    const { repay, debit } = textsOf(settings.locale())
    const { loanId, wanted } = this.intent as Intent
    if (this.intent?.way !== way) this.intent = new Intent(loanId, wanted, way)
    this.setData({ way, go: way === 'account' ? debit.go : repay.go, refusal: null })
  },

  pay() {
    if (this.data.wrong) return Promise.resolve()
    return payOnce(this, this.intent as Intent, textsOf(settings.locale()))
  },
})

function instalmentView(loan: LoanDetail, { repay, common }: Texts, locale: Locale): object | null {
  const [row] = dueRows(loan)
  if (!row) return null
  const days = daysBetween(today(), row.due_on)
  const amount = (fen: number): string => `${yuan(fen)} ${common.yuan}`
  return {
    heading: repay.amount(row.number),
    amount: yuan(loan.next_payment_fen ?? row.payment_fen),
    facts: [
      { label: common.principal, value: amount(row.principal_fen) },
      { label: common.interest, value: amount(row.interest_fen) },
      { label: repay.due, value: dayInWords(row.due_on, locale) },
      { label: repay.after, value: amount(loan.outstanding_principal_fen - row.principal_fen) },
    ],
    remark: days > 0 ? repay.early(days) : days < 0 ? repay.late(-days) : '',
    tone: days < 0 ? 'bad' : 'info',
  }
}

function dueView(loan: LoanDetail, { repay, common }: Texts): object {
  const day = today()
  const due = dueRows(loan).filter((row) => row.due_on <= day)
  const amount = (fen: number): string => `${yuan(fen)} ${common.yuan}`
  return {
    heading: repay.dueAmount,
    amount: yuan(loan.due_now_fen),
    facts: [
      { label: repay.lateInstalments, value: repay.numbers(due.map((row) => row.number).join(repay.between)) },
      { label: repay.unpaid, value: amount(loan.due_now_fen - loan.penalty_fen) },
      { label: repay.penalty, value: amount(loan.penalty_fen) },
    ],
    remark: repay.late(loan.overdue_days),
    tone: 'bad',
  }
}
