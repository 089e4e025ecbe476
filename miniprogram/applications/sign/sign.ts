/** The second factor and the signature: the code once, the signature as often as the network needs. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import { dress, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { signing } from '../../stores/signing'
import { standingStill, step } from '../../stores/stepping'
import { textsOf } from '../../texts/index'

const TICK_MS = 1000

Page({
  data: { ...undressed(), ...standingStill(), code: '', wrong: '', resend: '' },
  timer: 0,

  onShow() {
    dress(this, 'sign')
    if (!signing.current().codeId) return void wx.navigateBack()
    this.timer = setInterval(() => this.count(), TICK_MS) as unknown as number
    return this.count()
  },

  onHide() {
    clearInterval(this.timer)
  },

  onUnload() {
    clearInterval(this.timer)
  },

  count() {
    const { sign: t } = textsOf(settings.locale())
    const left = Math.max(0, Math.ceil((signing.current().resendAt - Date.now()) / 1000))
    const resend = left ? t.resendIn(left) : ''
    if (resend !== this.data.resend) this.setData({ resend })
  },

  onCode(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ code: event.detail.value, wrong: '' })
  },

  sign() {
    const { code } = this.data
    const wrong = /^\d{6}$/.test(code) ? '' : textsOf(settings.locale()).sign.codeWrong
    this.setData({ wrong })
    return wrong ? undefined : step(this, () => this.prove(code))
  },

  async prove(code: string) {
    const { applicationId, contractId, sha256, codeId, proven } = signing.current()
    if (!proven) await api.prove(codeId, code)
    signing.prove()
    try {
      await api.sign(applicationId, contractId, sha256)
    } catch (problem) {
      // the session was begun anew in between: the code counts for the old one
      if (problem instanceof ApiProblem && problem.code === 'auth.step_up_needed') signing.sent(await api.sendCode('sign_contract', contractId))
      throw problem
    }
    signing.forget()
    void wx.navigateBack() // the contract's page knows that it is signed, and leads on
  },

  sendAgain() {
    return step(this, async () => {
      signing.sent(await api.sendCode('sign_contract', signing.current().contractId))
      this.setData({ code: '' })
      this.count()
    })
  },
})
