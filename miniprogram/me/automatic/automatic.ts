/** Automatic repayment: from which account, since when, what it does, how to end it. */
import * as api from '../../api/calls'
import { bankNow } from '../../api/client'
import { currentMandate, mandateView, pastMandates, type MandateView } from '../../domain/mandate-view'
import { standingStill, step } from '../../stores/stepping'
import { dress, load, undressed } from '../../stores/screen'

const KIND = 'direct_debit'

Page({
  data: { ...undressed(), ...standingStill(), mandate: null as MandateView | null, past: [] as object[], paragraphs: [] as string[], open: false },

  onShow() {
    this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'automatic')
    return load(this, texts, async () => {
      const [{ items }, { items: words }] = await Promise.all([api.mandates(), api.consentTexts(locale)])
      const found = currentMandate(items)
      this.setData({
        mandate: found && mandateView(found, texts, bankNow()),
        past: pastMandates(items, texts),
        paragraphs: (words.find((one) => one.kind === KIND)?.text ?? '').split('\n').filter(Boolean),
      })
    })
  },

  unfold() {
    this.setData({ open: !this.data.open })
  },

  goSet() {
    void wx.navigateTo({ url: '/me/mandate/mandate' })
  },

  async stop() {
    const { texts } = dress(this, 'automatic')
    const { stop, stopYes, stopQuestion, stopped } = texts.automatic
    const { confirm } = await wx.showModal({ title: stop, content: stopQuestion, confirmText: stopYes, cancelText: texts.common.back })
    if (!confirm) return
    await step(this, async () => {
      await api.endMandate(this.data.mandate?.id ?? '')
      void wx.showToast({ title: stopped, icon: 'none' })
      await this.read()
    })
  },
})
