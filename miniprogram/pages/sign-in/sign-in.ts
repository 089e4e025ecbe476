/** Signing in: wx.login; the phone number when WeChat's user is new; a code when that number is known already. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import type { SignedIn } from '../../api/types'
import { dress, problemState, undressed } from '../../stores/screen'
import { session } from '../../stores/session'
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

const SECOND_FACTOR = 'sign_in.second_factor_needed'

Page({
  data: { ...undressed(), step: 'start' as 'start' | 'phone' | 'code', busy: false, problem: '', code: '', codeId: '', again: false },

  back: false,

  /** `back`: somebody is in the middle of something, which goes on afterwards. */
  onLoad(query: Record<string, string>) {
    this.back = query.back === '1'
  },

  onShow() {
    dress(this, 'signIn')
  },

  signIn() {
    return this.attempt(async () => {
      const { code } = await wx.login()
      this.arrive(await api.signIn(code))
    })
  },

  givePhone(event: WechatMiniprogram.CustomEvent<{ code?: string }>) {
    const { code } = event.detail
    if (!code) return this.setData({ problem: textsOf(settings.locale()).signIn.phoneDenied })
    return this.attempt(async () => this.arrive(await api.bindPhone(code)))
  },

  onCode(event: WechatMiniprogram.Input) {
    this.setData({ code: event.detail.value })
  },

  confirm() {
    return this.attempt(async () => this.arrive(await api.confirmPhone(this.data.codeId, this.data.code)))
  },

  arrive(told: SignedIn) {
    session.begin(told)
    if (told.phone_needed) return this.setData({ step: 'phone', again: told.ended_elsewhere })
    return void (getCurrentPages().length > 1 && this.back ? wx.navigateBack() : wx.reLaunch({ url: '/pages/home/home' }))
  },

  /** One step at a time; what goes wrong is said above the step, which stays. */
  async attempt(step: () => Promise<void>) {
    if (this.data.busy) return
    this.setData({ busy: true, problem: '' })
    try {
      await step()
    } catch (problem) {
      this.explain(problem)
    } finally {
      this.setData({ busy: false })
    }
  },

  explain(problem: unknown) {
    const texts = textsOf(settings.locale())
    const { problems } = texts.signIn
    if (!(problem instanceof ApiProblem)) return this.setData({ problem: problems['wechat.login_failed'] })
    if (problem.code === SECOND_FACTOR) return this.setData({ step: 'code', codeId: String(problem.context.code_id) })
    const { title, text, requestNumber } = problemState(problem, texts)
    this.setData({ problem: problems[problem.code] ?? [title, text, requestNumber].filter(Boolean).join(' · ') })
  },
})
