/** Name an account, agree to the mandate, confirm with a code. The number of the account stays on this page. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import type { ConsentText, Mandate } from '../../api/types'
import { ending } from '../../domain/mandate-view'
import { standingStill, step } from '../../stores/stepping'
import { dress, load, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

const KIND = 'direct_debit'
const ACCOUNT_NO = /^\d{8,32}$/
const BANK_CODE = /^\d{12}$/

Page({
  data: {
    ...undressed(), ...standingStill(), at: 'account' as 'account' | 'code', accountNo: '', bankCode: '', wrongAccount: '', wrongBank: '', words: null as ConsentText | null,
    paragraphs: [] as string[], ticked: false, blocked: '', heading: '', code: '', wrongCode: '', resendAt: 0,
  },
  named: null as Mandate | null,
  codeId: '',
  proven: false,

  onShow() {
    const { locale } = dress(this, 'mandate')
    if (this.data.words?.locale !== locale) this.read() // else what was typed and ticked stays
  },

  read() {
    const { texts, locale } = dress(this, 'mandate')
    return load(this, texts, async () => {
      const words = (await api.consentTexts(locale)).items.find((one) => one.kind === KIND) ?? null
      this.setData({ words, paragraphs: (words?.text ?? '').split('\n').filter(Boolean), ticked: false, blocked: texts.mandate.tickFirst })
    })
  },

  onAccount(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ accountNo: event.detail.value, wrongAccount: '' })
  },

  onBank(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ bankCode: event.detail.value, wrongBank: '' })
  },

  onCode(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ code: event.detail.value, wrongCode: '' })
  },

  toggle() {
    const ticked = !this.data.ticked
    this.setData({ ticked, blocked: ticked ? '' : textsOf(settings.locale()).mandate.tickFirst })
  },

  next() {
    const { mandate: t } = textsOf(settings.locale())
    const [accountNo, bankCode] = [this.data.accountNo, this.data.bankCode].map((typed) => typed.replace(/\s/g, ''))
    const [wrongAccount, wrongBank] = [ACCOUNT_NO.test(accountNo) ? '' : t.accountWrong, BANK_CODE.test(bankCode) ? '' : t.bankWrong]
    this.setData({ wrongAccount, wrongBank })
    return wrongAccount || wrongBank ? undefined : step(this, () => this.name(accountNo, bankCode))
  },

  /** An account that does not fit is said at its field; a text that has changed meanwhile is read and ticked anew. */
  async name(accountNo: string, bankCode: string) {
    const texts = textsOf(settings.locale())
    try {
      this.named = await api.nameAccount(accountNo, bankCode, this.data.words as ConsentText)
    } catch (problem) {
      const result = problem instanceof ApiProblem && problem.code === 'debit_mandate.account_unfit' ? String(problem.context.result) : ''
      if (result) return this.setData({ wrongAccount: texts.mandate.unfit[result] ?? texts.mandate.accountWrong })
      if (problem instanceof ApiProblem && problem.code === 'consent.text_changed') await this.read()
      throw problem
    }
    await this.send()
    this.setData({ at: 'code', heading: texts.mandate.codeHeading(ending(this.named.account, texts)), accountNo: '' })
  },

  async send() {
    const sent = await api.sendCode(KIND, this.named?.id ?? '')
    this.codeId = sent.code_id
    this.proven = false
    this.setData({ resendAt: Date.now() + sent.resend_after_s * 1000, code: '' })
  },

  sendAgain() {
    return step(this, () => this.send())
  },

  agree() {
    const { code } = this.data
    const wrongCode = /^\d{6}$/.test(code) ? '' : textsOf(settings.locale()).sign.codeWrong
    this.setData({ wrongCode })
    if (wrongCode) return undefined
    return step(this, async () => {
      if (!this.proven) await api.prove(this.codeId, code)
      this.proven = true // a code is good once; the agreement may have to be sent again
      await api.confirmMandate(this.named?.id ?? '')
      void wx.redirectTo({ url: '/me/automatic/automatic' })
    })
  },
})
