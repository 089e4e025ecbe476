/** A code on a desktop was scanned: whose order it is, the number to compare, and on to the next step. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import type { ScannedOrder } from '../../api/types'
import { yuan } from '../../domain/money'
import { dress, load, problemState, undressed, type PageState } from '../../stores/screen'
import { session } from '../../stores/session'
import { settings } from '../../stores/settings'
import { standingStill, step } from '../../stores/stepping'
import { goOn } from '../../stores/way'
import { textsOf, type Texts } from '../../texts/index'

const OVER = ['embed.handoff_refused', 'embed.match_number_wrong', 'embed.handoff_not_found']

Page({
  data: { ...undressed(), ...standingStill(), from: '', privacy: '', amount: '', facts: [] as object[], choices: [] as string[], over: false },
  scene: '',
  id: '',
  chosen: '',

  /** By a scanned code, or by the number of an order that was taken over before. */
  onLoad(query: Record<string, string>) {
    this.scene = decodeURIComponent(query.scene ?? '')
    this.id = query.id ?? ''
  },

  onShow() {
    if (this.chosen && session.signedIn()) return void this.takeOver()
    this.chosen = ''
    return void this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'handoff')
    if (this.data.over) return undefined
    return load(this, texts, async () => {
      try {
        if (this.id) return await goOn(this.id, locale)
        return this.show(await api.scannedOrder(this.scene), texts)
      } catch (problem) {
        return this.ended(problem)
      }
    })
  },

  show(found: ScannedOrder, { handoff: t, common }: Texts) {
    const { order, partner, match_choices: choices } = found
    this.setData({
      choices,
      from: t.from(partner.name),
      privacy: t.privacy(partner.name),
      amount: order ? yuan(order.amount_fen) : '',
      facts: order ? [{ label: t.payee, value: order.merchant_name }, { label: t.goods, value: order.title }, { label: t.orderNumber, value: order.order_ref }] : [],
      common: { ...this.data.common, yuan: common.yuan },
    })
  },

  choose(event: WechatMiniprogram.TouchEvent) {
    this.chosen = event.currentTarget.dataset.number as string
    if (!session.signedIn()) return void wx.navigateTo({ url: '/pages/sign-in/sign-in?back=1' })
    return this.takeOver()
  },

  takeOver() {
    const number = this.chosen
    return step(this, async () => {
      const { id } = await api.takeOver(this.scene, number).catch((problem) => { this.setData({ state: this.ended(problem) }); throw problem })
      this.id = id
      await goOn(id, settings.locale())
    })
  },

  async stop() {
    const { handoff: t, common } = textsOf(settings.locale())
    const { confirm } = await wx.showModal({ title: t.none, content: t.noneQuestion, confirmText: t.stop, cancelText: common.back })
    if (!confirm) return
    await step(this, async () => {
      await api.stopScanned(this.scene)
      this.setData({ over: true, state: { ...this.data.state, status: 'empty', title: t.stoppedTitle, text: t.stoppedText, action: t.home } })
    })
  },

  /** A code that is worth nothing any more: said once, with the way home instead of another try. */
  ended(problem: unknown): PageState {
    if (!(problem instanceof ApiProblem) || !OVER.includes(problem.code)) throw problem
    this.setData({ over: true })
    const texts = textsOf(settings.locale())
    return { ...problemState(problem, texts), action: texts.handoff.home }
  },

  act() {
    return this.data.over ? wx.reLaunch({ url: '/pages/home/home' }) : this.read()
  },
})
