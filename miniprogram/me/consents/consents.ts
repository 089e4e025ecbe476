/** Everything the person agreed to: what for, who, how long, the very text; withdrawn as easily as given. */
import * as api from '../../api/calls'
import { consentView, pastConsents, type ConsentView } from '../../domain/consent-view'
import { dress, load, undressed, type PageState } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { standingStill, step } from '../../stores/stepping'
import { textsOf } from '../../texts/index'

Page({
  data: { ...undressed(), ...standingStill(), live: [] as ConsentView[], past: [] as object[] },

  onShow() {
    this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'myConsents')
    return load(this, texts, async (): Promise<PageState | void> => {
      const [{ items }, { items: partners }] = await Promise.all([api.consents(locale), api.partnersTold()])
      this.setData({ live: items.filter((one) => !one.withdrawn_at).map((one) => consentView(one, partners, texts)), past: pastConsents(items, texts) })
      const { none, noneText } = texts.myConsents
      if (!items.length) return { status: 'empty', title: none, text: noneText, requestNumber: '', action: '' }
    })
  },

  unfold(event: WechatMiniprogram.TouchEvent) {
    const { id } = event.currentTarget.dataset as { id: string }
    return step(this, async () => {
      const shown = this.data.live.find((one) => one.id === id) as ConsentView
      const paragraphs = shown.paragraphs.length ? shown.paragraphs : (await api.agreedText(id)).text.split('\n').filter(Boolean)
      this.setData({ live: this.data.live.map((one) => (one.id === id ? { ...one, paragraphs, open: !one.open } : one)) })
    })
  },

  /** What it does is told first. */
  async withdraw(event: WechatMiniprogram.TouchEvent) {
    const { myConsents: t, common } = textsOf(settings.locale())
    const { id } = event.currentTarget.dataset as { id: string }
    const content = this.data.live.find((one) => one.id === id)?.withdrawal ?? ''
    const { confirm } = await wx.showModal({ title: t.question, content, confirmText: t.yes, cancelText: common.back })
    if (!confirm) return
    await step(this, async () => {
      await api.withdrawConsent(id)
      void wx.showToast({ title: t.withdrawn, icon: 'none' })
      await this.read()
    })
  },
})
