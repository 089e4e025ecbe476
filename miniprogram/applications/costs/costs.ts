/** The statement of all costs. The bank says from which instant on it can be confirmed; this only counts down to it. */
import * as api from '../../api/calls'
import { ApiProblem, bankNow } from '../../api/client'
import type { CostSheet } from '../../api/types'
import { costView } from '../../domain/cost-view'
import { applicationPage } from '../../domain/next-step'
import { dress, load, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { standingStill, step } from '../../stores/stepping'
import { textsOf, type Texts } from '../../texts/index'

const TICK_MS = 250

Page({
  data: { ...undressed(), ...standingStill(), sheet: {}, share: 0, blocked: '', open: false },
  id: '',
  shown: null as CostSheet | null,
  until: 0,
  timer: 0,

  onLoad(query: Record<string, string>) {
    this.id = query.id
  },

  onShow() {
    this.read()
  },

  onHide() {
    clearInterval(this.timer)
  },

  onUnload() {
    clearInterval(this.timer)
  },

  read() {
    const { texts, locale } = dress(this, 'costs')
    return load(this, texts, async () => {
      const found = await api.application(this.id)
      const page = applicationPage(found)
      if (!page.startsWith('/applications/costs/')) return void wx.redirectTo({ url: page })
      this.shown = await api.showCosts(this.id, found.term_months, found.method) // the same sheet again; its time runs on
      this.setData({ sheet: costView(this.shown, found.payee_name ?? '', texts, locale) })
      this.countFrom(Date.parse(this.shown.confirmable_at), texts)
    })
  },

  countFrom(until: number, texts: Texts) {
    this.until = until
    clearInterval(this.timer)
    this.timer = setInterval(() => this.count(texts), TICK_MS) as unknown as number
    this.count(texts)
  },

  count({ costs: t }: Texts) {
    const left = Math.max(0, Math.ceil((this.until - bankNow()) / 1000))
    const whole = Math.max(1, this.shown?.min_reading_s ?? 1)
    if (!left) clearInterval(this.timer)
    const blocked = left ? t.readLeft(left) : ''
    if (blocked !== this.data.blocked || !left) this.setData({ blocked, share: Math.round((1 - Math.min(left, whole) / whole) * 100) })
  },

  toggle() {
    this.setData({ open: !this.data.open })
  },

  confirm() {
    return step(this, async () => {
      try {
        await api.confirmCosts(this.id, (this.shown as CostSheet).id)
        await api.prepareContract(this.id)
      } catch (problem) {
        await this.readAgain(problem)
        throw problem
      }
      void wx.redirectTo({ url: `/applications/contract/contract?id=${this.id}` })
    })
  },

  /** The bank's clock has the last word; a sheet that was replaced is read anew. */
  async readAgain(problem: unknown) {
    if (!(problem instanceof ApiProblem)) return
    if (problem.code === 'cost_sheet.read_first') this.countFrom(bankNow() + Number(problem.context.remaining_s) * 1000, textsOf(settings.locale()))
    if (problem.code === 'cost_sheet.replaced') await this.read()
  },

  async giveUp() {
    const { costs: t } = textsOf(settings.locale())
    const { confirm } = await wx.showModal({ title: t.noLoan, content: t.noLoanQuestion, confirmText: t.withdraw, cancelText: t.thinkAgain })
    if (!confirm) return
    await step(this, async () => {
      await api.withdraw(this.id)
      void wx.redirectTo({ url: `/applications/application/application?id=${this.id}` })
    })
  },
})
