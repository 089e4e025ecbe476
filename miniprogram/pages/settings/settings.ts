/** Language, text size, and leaving. They work without a network. */
import * as api from '../../api/calls'
import { dress, undressed } from '../../stores/screen'
import { session } from '../../stores/session'
import { settings, type Locale, type TextSize } from '../../stores/settings'

type Chosen<Value> = WechatMiniprogram.CustomEvent<{ value: Value }>

Page({
  data: { ...undressed(), locale: 'zh-CN' as Locale, size: 'normal' as TextSize, account: [] as object[], signedIn: false, devices: '', phone: '', consents: '' },

  onShow() {
    this.show()
    return this.readAccount()
  },

  show() {
    const { texts } = dress(this, 'settings')
    const { account, notSignedIn } = texts.settings
    this.setData({
      locale: settings.locale(), size: settings.textSize(), signedIn: session.signedIn(), account: [{ label: account, value: notSignedIn }],
      devices: texts.devices.title, phone: texts.phone.title, consents: texts.myConsents.title,
    })
  },

  async readAccount() {
    if (!session.signedIn()) return
    const { texts } = dress(this, 'settings')
    const label = texts.settings.account
    this.setData({ account: [{ label, value: '' }] })
    const me = await api.me().catch(() => null)
    if (me) this.setData({ account: [{ label, value: [me.name, me.phone].filter(Boolean).join(' · ') }] })
  },

  chooseLanguage(event: Chosen<Locale>) {
    settings.setLocale(event.detail.value)
    this.show()
    return this.readAccount()
  },

  chooseSize(event: Chosen<TextSize>) {
    settings.setTextSize(event.detail.value)
    this.setData({ size: event.detail.value, root: settings.rootFontSize() })
  },

  async signOut() {
    const { texts } = dress(this, 'settings')
    const { signOut, signOutQuestion } = texts.settings
    const { confirm } = await wx.showModal({ title: signOut, content: signOutQuestion, confirmText: signOut, cancelText: texts.common.back })
    if (!confirm) return
    await api.signOut().catch(() => undefined) // the session ends on this phone in any case
    session.end()
    void wx.reLaunch({ url: '/pages/home/home' })
  },
})
