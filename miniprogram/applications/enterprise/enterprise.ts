/** Which enterprise borrows: one that is bound already, or another one by its code. */
import * as api from '../../api/calls'
import type { Enterprise } from '../../api/types'
import { draft, typed } from '../../stores/draft'
import { dress, load, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { standingStill, step } from '../../stores/stepping'
import { goOn } from '../../stores/way'
import { textsOf } from '../../texts/index'

type Chosen = WechatMiniprogram.CustomEvent<{ value: string }>
const OTHER = 'other'

Page({
  data: { ...undressed(), ...standingStill(), items: [] as { id: string; name: string; note: string }[], chosen: OTHER, uscc: '', wrong: '', action: '' },
  handoff: '',

  onLoad(query: Record<string, string>) {
    this.handoff = query.handoff
    this.setData({ uscc: typed.uscc })
  },

  onShow() {
    this.read()
  },

  read() {
    const { texts } = dress(this, 'enterprise')
    return load(this, texts, async () => {
      const { items } = await api.enterprises()
      this.setData({ items: items.map(({ id, name, established_on }: Enterprise) => ({ id, name, note: texts.enterprise.since(established_on) })) })
      this.choose(items[0]?.id ?? OTHER)
    })
  },

  onChoose(event: Chosen) {
    this.choose(event.detail.value)
  },

  choose(chosen: string) {
    const { enterprise: t } = textsOf(settings.locale())
    this.setData({ chosen, action: chosen === OTHER ? t.check : t.go })
  },

  onCode(event: Chosen) {
    typed.uscc = event.detail.value.trim().toUpperCase()
    this.setData({ uscc: event.detail.value })
  },

  next() {
    const { chosen } = this.data
    const wrong = chosen !== OTHER || /^[0-9A-Z]{18}$/.test(typed.uscc) ? '' : textsOf(settings.locale()).enterprise.codeWrong
    this.setData({ wrong })
    if (wrong) return undefined
    return step(this, async () => {
      const enterpriseId = chosen === OTHER ? (await api.bindEnterprise(typed.uscc)).id : chosen
      typed.uscc = ''
      draft.choose(this.handoff, { enterpriseId })
      await goOn(this.handoff, settings.locale())
    })
  },
})
