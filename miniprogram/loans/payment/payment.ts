/** What became of a payment: asks the bank until it knows, and says "do not pay again" until then. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import type { Debit, Repayment } from '../../api/types'
import { debitPollMs, debitView } from '../../domain/debit-view'
import { yuan } from '../../domain/money'
import { nextPollMs, stageOf, type Paid, type SheetResult } from '../../domain/paying'
import { paymentView, type Act, type PaymentView } from '../../domain/payment-view'
import { callBank } from '../../stores/bank'
import { payAgain } from '../../stores/payments'
import { notPaying } from '../../stores/pay-page'
import { dress, load, problemState, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { unsettled } from '../../stores/unsettled'
import { textsOf } from '../../texts/index'

Page({
  data: { ...undressed(), ...notPaying(), view: null as PaymentView | null, facts: [] as object[] },
  id: '',
  result: 'unknown' as SheetResult,
  polls: 0,
  timer: 0,
  known: null as Repayment | null,
  debit: undefined as Debit | null | undefined, // undefined until the bank has said whether it is one

  onLoad(query: Record<string, string>) {
    this.id = query.id
    this.result = (query.result as SheetResult) ?? 'unknown'
  },

  onShow() {
    const { texts } = dress(this, 'payment')
    return load(this, texts, () => this.check())
  },

  onHide() {
    clearTimeout(this.timer)
  },

  onUnload() {
    clearTimeout(this.timer)
  },

  /** Ask the bank once, show what it says, and come back when it is time to ask again. */
  async check() {
    clearTimeout(this.timer)
    const status = await this.ask()
    const stage = stageOf(status, this.result, ++this.polls)
    if (stage === 'applied' || stage === 'closed') unsettled.forget()
    if (stage === 'applied') return void wx.redirectTo({ url: `/loans/receipt/receipt?id=${this.id}` })
    const texts = textsOf(settings.locale())
    const amount = this.known ? yuan(this.known.amount_fen) : ''
    const debit = status === null ? null : this.debit
    this.setData({ view: debit ? debitView(debit, texts) : paymentView(stage, amount, texts), facts: this.known ? this.factsOf(this.known) : [] })
    const wait = debit ? debitPollMs(debit) : nextPollMs(stage)
    if (wait) this.timer = setTimeout(() => void this.check(), wait) as unknown as number
  },

  /** The repayment's status; null when the bank cannot be reached, which says nothing about the money. */
  async ask(): Promise<Repayment['status'] | null> {
    try {
      this.known = await api.repayment(this.id)
      if (this.debit !== null) this.debit = await this.askForDebit(this.known)
      return this.known.status
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.kind !== 'refused') return null
      throw problem
    }
  },

  /** The debit of this repayment; null when it is paid through WeChat. */
  async askForDebit({ id, loan_id }: Repayment): Promise<Debit | null> {
    return (await api.debits(loan_id)).items.find((one) => one.repayment_id === id) ?? null
  },

  factsOf(repayment: Repayment): object[] {
    const { payment, common } = textsOf(settings.locale())
    return [
      { label: payment.amount, value: `${yuan(repayment.amount_fen)} ${common.yuan}` },
      { label: payment.number, value: repayment.receipt_no },
    ]
  },

  act(event: WechatMiniprogram.TouchEvent) {
    const act = event.currentTarget.dataset.act as Act
    if (act === 'call') return callBank()
    if (act === 'toLoan') return wx.redirectTo({ url: `/loans/loan/loan?id=${this.known?.loan_id}` })
    if (act === 'otherWay') return wx.redirectTo({ url: `/loans/repay/repay?id=${this.known?.loan_id}` })
    if (act === 'check') return this.check()
    return this.once(act === 'again' ? () => this.payAgain() : () => this.giveUp())
  },

  async payAgain() {
    const { result }: Paid = await payAgain(this.id)
    this.result = result
    this.polls = 0
    await this.check()
  },

  async giveUp() {
    await api.cancelRepayment(this.id)
    await this.check()
  },

  async once(step: () => Promise<void>) {
    if (this.data.busy) return
    this.setData({ busy: true, refusal: null })
    try {
      await step()
    } catch (problem) {
      const { title, text, requestNumber } = problemState(problem, textsOf(settings.locale()))
      this.setData({ refusal: { tone: 'bad', text: [title, text, requestNumber].filter(Boolean).join(' · '), url: '', action: '' } })
      await this.check() // it may be paid or closed by now: show that, whatever the refusal says
    } finally {
      this.setData({ busy: false })
    }
  },
})
