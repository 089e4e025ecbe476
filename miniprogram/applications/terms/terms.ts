/** For how long, and how to repay; then the application is sent. Amount and payee are the order's. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import type { Product } from '../../api/types'
import { percent, yuan } from '../../domain/money'
import { chosenTerms, mostEachMonth, productFor } from '../../domain/terms'
import { draft } from '../../stores/draft'
import { dress, load, undressed } from '../../stores/screen'
import { settings, type Locale } from '../../stores/settings'
import { standingStill, step } from '../../stores/stepping'
import { goOn } from '../../stores/way'
import { textsOf, wordsOf } from '../../texts/index'

const KNOWN_ALREADY = ['consent.missing', 'order.closed', 'application.exists']

Page({
  data: {
    ...undressed(), ...standingStill(), product: '', rate: '', months: [] as object[], termMonths: 0, methods: [] as object[], method: '', facts: [] as object[], worst: false,
  },
  handoff: '',
  offered: null as Product | null,
  amountFen: 0,

  onLoad(query: Record<string, string>) {
    this.handoff = query.handoff
  },

  onShow() {
    this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'terms')
    return load(this, texts, async () => {
      const [{ order }, { items }] = await Promise.all([api.handoff(this.handoff), api.products()])
      if (!order || order.application_id) return goOn(this.handoff, locale)
      this.offered = productFor(items, order.amount_fen)
      if (!this.offered) throw new ApiProblem('refused', 422, 'application.amount_out_of_range', '')
      this.amountFen = order.amount_fen
      draft.choose(this.handoff, chosenTerms(this.offered, draft.chosen(this.handoff)))
      this.show(locale)
    })
  },

  show(locale: Locale) {
    const { terms: t, common, method: methodTexts } = textsOf(locale)
    const { termMonths, method } = draft.chosen(this.handoff)
    const offered = this.offered as Product
    const worst = method === 'equal_instalment'
    const most = mostEachMonth(this.amountFen, offered.highest_annual_rate, termMonths)
    this.setData({
      termMonths, method, worst,
      product: wordsOf(offered.name, locale),
      rate: t.rates(percent(offered.lowest_annual_rate), percent(offered.highest_annual_rate)),
      months: offered.terms_months.map((value) => ({ value, text: common.months(value) })),
      methods: offered.methods.map((value) => ({ value, text: methodTexts[value] ?? value })),
      facts: [
        { label: t.amount, value: `${yuan(this.amountFen)} ${common.yuan}` },
        ...(worst ? [{ label: t.eachMonth, value: t.about(yuan(most).slice(0, -3)) }] : []),
      ],
    })
  },

  chooseMonths(event: WechatMiniprogram.TouchEvent) {
    draft.choose(this.handoff, { termMonths: Number(event.currentTarget.dataset.months) })
    this.show(settings.locale())
  },

  chooseMethod(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    draft.choose(this.handoff, { method: event.detail.value })
    this.show(settings.locale())
  },

  apply() {
    return step(this, async () => {
      const { enterpriseId, termMonths, method } = draft.chosen(this.handoff)
      const terms = { enterprise_id: enterpriseId, product_code: (this.offered as Product).code, term_months: termMonths, method }
      try {
        const { id } = await api.apply(this.handoff, terms)
        draft.forget()
        void wx.redirectTo({ url: `/applications/application/application?id=${id}` })
      } catch (problem) {
        // a consent was withdrawn, or the application is there: the bank knows where it goes on
        if (problem instanceof ApiProblem && KNOWN_ALREADY.includes(problem.code)) await goOn(this.handoff, settings.locale())
        if (!(problem instanceof ApiProblem) || problem.code !== 'consent.missing') throw problem
      }
    })
  },
})
