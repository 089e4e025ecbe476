/** Name and resident ID number, checked with the bureau; they leave this phone only to the bank and are not kept on it. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import { dress, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { typed } from '../../stores/draft'
import { standingStill, step } from '../../stores/stepping'
import { goOn } from '../../stores/way'
import { textsOf } from '../../texts/index'

type Typed = WechatMiniprogram.CustomEvent<{ value: string }>

Page({
  data: { ...undressed(), ...standingStill(), name: '', idNo: '', wrongName: '', wrongIdNo: '' },
  handoff: '',

  onLoad(query: Record<string, string>) {
    this.handoff = query.handoff
    this.setData({ name: typed.name, idNo: typed.idNo })
  },

  onShow() {
    dress(this, 'identity')
  },

  onName(event: Typed) {
    typed.name = event.detail.value.trim()
    this.setData({ name: event.detail.value })
  },

  onIdNo(event: Typed) {
    typed.idNo = event.detail.value.trim().toUpperCase()
    this.setData({ idNo: event.detail.value })
  },

  check() {
    const { identity: t } = textsOf(settings.locale())
    const wrongName = typed.name.length >= 2 ? '' : t.nameWrong
    const wrongIdNo = /^\d{17}[\dX]$/.test(typed.idNo) ? '' : t.idNoWrong
    this.setData({ wrongName, wrongIdNo })
    if (wrongName || wrongIdNo) return undefined
    return step(this, async () => {
      await api.confirmIdentity(typed.name, typed.idNo).catch((problem) => {
        if (!(problem instanceof ApiProblem) || problem.code !== 'identity.already_confirmed') throw problem // an answer that was lost
      })
      Object.assign(typed, { name: '', idNo: '' })
      await goOn(this.handoff, settings.locale())
    })
  },
})
