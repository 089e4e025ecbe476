/** A new phone: the number, who one is (the old phone or the identity), a code to the new one; then a rest. */
import * as api from '../../api/calls'
import type { SentCode } from '../../api/types'
import { chinaTime } from '../../domain/dates'
import { dress, load, undressed } from '../../stores/screen'
import { session } from '../../stores/session'
import { settings } from '../../stores/settings'
import { standingStill, step } from '../../stores/stepping'
import { textsOf, type Texts } from '../../texts/index'

type Typed = WechatMiniprogram.CustomEvent<{ value: string }>
type At = 'number' | 'how' | 'old' | 'identity' | 'new' | 'done'
const PHONE = /^1[3-9]\d{9}$/
const PURPOSE = 'change_phone'

Page({
  data: {
    ...undressed(), ...standingStill(), at: 'number' as At, phone: '', wrongPhone: '', now: [] as object[], oldPhone: '', byOld: '', hint: '', code: '', wrongCode: '', resendAt: 0,
    name: '', idNo: '', wrongName: '', wrongIdNo: '', facts: [] as object[], rest: '', labels: { name: '', idNo: '' },
  },
  changeId: '',
  newPhone: '',
  codeId: '',
  proven: false,

  onShow() {
    if (this.data.at === 'number') return this.read()
    dress(this, 'phone') // what was begun goes on where it was
  },

  read() {
    const { texts } = dress(this, 'phone')
    return load(this, texts, async () => {
      const { phone } = await api.me()
      this.setData({ oldPhone: phone, byOld: texts.phone.byOld(phone), now: [{ label: texts.phone.now, value: phone }] })
    })
  },

  onPhone(event: Typed) {
    this.setData({ phone: event.detail.value, wrongPhone: '' })
  },

  onCode(event: Typed) {
    this.setData({ code: event.detail.value, wrongCode: '' })
  },

  onName(event: Typed) {
    this.setData({ name: event.detail.value, wrongName: '' })
  },

  onIdNo(event: Typed) {
    this.setData({ idNo: event.detail.value, wrongIdNo: '' })
  },

  begin() {
    const phone = this.data.phone.replace(/\s/g, '')
    const wrongPhone = PHONE.test(phone) ? '' : textsOf(settings.locale()).phone.newWrong
    this.setData({ wrongPhone })
    return wrongPhone ? undefined : step(this, async () => {
      const change = await api.beginPhoneChange(phone)
      this.changeId = change.id
      this.newPhone = change.new_phone
      this.setData({ at: 'how' })
    })
  },

  chooseOld() {
    return step(this, async () => {
      await this.send('old')
    })
  },

  chooseIdentity() {
    const { name, idNo } = textsOf(settings.locale()).identity
    this.setData({ at: 'identity', problem: '', labels: { name, idNo } })
  },

  /** To the old phone or to the new one, as the step says. */
  async send(to: 'old' | 'new') {
    const { phone: t } = textsOf(settings.locale())
    const sent: SentCode = to === 'old' ? await api.sendCode(PURPOSE, this.changeId) : await api.sendToNewPhone(this.changeId)
    this.codeId = sent.code_id
    this.setData({ at: to, code: '', wrongCode: '', hint: t.sentTo(to === 'old' ? this.data.oldPhone : this.newPhone), resendAt: Date.now() + sent.resend_after_s * 1000 })
  },

  sendAgain() {
    return step(this, () => this.send(this.data.at as 'old' | 'new'))
  },

  checkIdentity() {
    const { identity: t } = textsOf(settings.locale())
    const [name, idNo] = [this.data.name.trim(), this.data.idNo.trim().toUpperCase()]
    const [wrongName, wrongIdNo] = [name.length >= 2 ? '' : t.nameWrong, /^\d{17}[\dX]$/.test(idNo) ? '' : t.idNoWrong]
    this.setData({ wrongName, wrongIdNo })
    return wrongName || wrongIdNo ? undefined : step(this, async () => {
      await api.showWhoIAm(this.changeId, name, idNo)
      await this.send('new')
      this.setData({ name: '', idNo: '' })
    })
  },

  confirm() {
    const texts = textsOf(settings.locale())
    const { code, at } = this.data
    const wrongCode = /^\d{6}$/.test(code) ? '' : texts.sign.codeWrong
    this.setData({ wrongCode })
    return wrongCode ? undefined : step(this, () => (at === 'old' ? this.oldShown(code) : this.finish(code, texts)))
  },

  async oldShown(code: string) {
    if (!this.proven) await api.prove(this.codeId, code)
    this.proven = true // a code is good once; the next message may have to be asked for again
    await this.send('new')
  },

  async finish(code: string, { phone: t }: Texts) {
    const done = await api.changePhone(this.changeId, this.codeId, code)
    session.renew(done.token)
    this.setData({ at: 'done', facts: [{ label: t.doneNow, value: done.new_phone }], rest: done.cool_off_until ? t.doneRest(chinaTime(done.cool_off_until)) : t.doneNothing })
  },

  goHome() {
    void wx.reLaunch({ url: '/pages/home/home' })
  },
})
