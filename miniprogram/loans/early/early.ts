/** Pay early, the whole loan or a part, with what each way costs side by side; what is shown is what is paid. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import type { EarlyQuote, LoanDetail, Mode, PayOff, Wanted } from '../../api/types'
import { fenOf, yuan } from '../../domain/money'
import { usualParts } from '../../domain/prepayment'
import { isWrittenOff } from '../../domain/schedule'
import { partRefused, partView, wholeView, type EarlyView } from '../../domain/early-view'
import { Intent } from '../../stores/payments'
import { notPaying, payOnce } from '../../stores/pay-page'
import { dress, load, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

const TYPING_MS = 500

Page({
  data: {
    ...undressed(), ...notPaying(), whole: true, typed: '', wrong: '', hint: '', lost: false, mode: 'shorter_term' as Mode,
    chips: [] as { fen: number; text: string }[], fen: 0, view: null as EarlyView | null, reading: false,
  },
  loanId: '',
  loan: null as LoanDetail | null,
  payOff: null as PayOff | null,
  quote: null as EarlyQuote | null,
  intent: null as Intent | null,
  timer: 0,

  onLoad(query: Record<string, string>) {
    this.loanId = query.id
  },

  onShow() {
    this.read()
  },

  onUnload() {
    clearTimeout(this.timer)
  },

  read() {
    const { texts } = dress(this, 'early')
    return load(this, texts, async () => {
      const [loan, payOff] = await Promise.all([api.loan(this.loanId), api.payOff(this.loanId)])
      Object.assign(this, { loan, payOff })
      const chips = usualParts(loan.outstanding_principal_fen).map((fen) => ({ fen, text: yuan(fen).replace(/\.00$/, '') }))
      this.setData({ chips, lost: isWrittenOff(loan), hint: texts.early.hint(yuan(loan.outstanding_principal_fen)) })
      if (this.data.whole) this.chooseWhole()
      else await this.ask(this.data.fen)
    })
  },

  chooseWhole() {
    clearTimeout(this.timer)
    this.quote = null
    this.setData({ whole: true, fen: 0, typed: yuan((this.payOff as PayOff).total_fen), wrong: '', reading: false })
    this.show()
  },

  choosePart(event: WechatMiniprogram.TouchEvent) {
    const { fen } = event.currentTarget.dataset
    this.setData({ typed: yuan(fen) })
    return this.take(fen)
  },

  onAmount(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const { value: typed } = event.detail
    const fen = fenOf(typed)
    clearTimeout(this.timer)
    this.setData({ typed, fen: fen ?? 0, whole: false, wrong: '', view: null, reading: true })
    this.timer = setTimeout(() => void this.take(fen), TYPING_MS) as unknown as number
  },

  /** An amount is asked of the bank once it can be one; the sum that settles everything is the whole. */
  async take(fen: number | null) {
    clearTimeout(this.timer)
    const { early } = textsOf(settings.locale())
    const { total_fen: total } = this.payOff as PayOff
    if (fen === total) return this.chooseWhole()
    const wrong = !fen ? early.amountWrong : fen > total ? early.amountWhole(yuan(total)) : ''
    this.quote = null
    this.setData({ whole: false, fen: fen ?? 0, wrong, view: null, reading: !wrong, refusal: null })
    if (!wrong) await this.ask(fen as number)
  },

  async ask(fen: number) {
    const texts = textsOf(settings.locale())
    try {
      const quote = await api.payEarly(this.loanId, fen)
      if (fen !== this.data.fen) return // another amount was asked for meanwhile
      this.quote = quote
      this.show()
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem
      if (fen === this.data.fen) this.setData({ wrong: partRefused(problem.code, problem.context, texts), reading: false })
    }
  },

  chooseMode(event: WechatMiniprogram.CustomEvent<{ value: Mode }>) {
    this.setData({ mode: event.detail.value })
    this.show()
  },

  /** What is shown and what will be asked for change together. */
  show() {
    const texts = textsOf(settings.locale())
    const [loan, payOff] = [this.loan as LoanDetail, this.payOff as PayOff]
    const { quote } = this
    const view = quote ? partView(loan, payOff, quote, this.data.mode, texts) : wholeView(loan, payOff, texts)
    const wanted: Wanted = quote ? { kind: 'prepayment', amount_fen: quote.amount_fen, mode: view.mode } : { kind: 'payoff' }
    if (JSON.stringify(wanted) !== JSON.stringify(this.intent?.wanted)) this.intent = new Intent(this.loanId, wanted)
    this.setData({ view, mode: view.mode, reading: false })
  },

  async pay() {
    if (this.data.view) await payOnce(this, this.intent as Intent, textsOf(settings.locale()))
  },
})
