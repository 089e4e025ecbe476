/** Consents: one purpose each, unticked, given one by one; what was given before says so. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import type { ConsentText } from '../../api/types'
import { consentKey, isGiven, textsOf as groupOf, type Group, type Standing } from '../../domain/next-step'
import { dress, load, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { standingStill, step } from '../../stores/stepping'
import { goOn, standing } from '../../stores/way'
import { textsOf } from '../../texts/index'

interface Row extends ConsentText {
  given: boolean
  ticked: boolean
  open: boolean
  paragraphs: string[]
}

Page({
  data: { ...undressed(), ...standingStill(), heading: '', remark: '', at: 2, rows: [] as Row[], blocked: '' },
  handoff: '',
  group: 'basics' as Group,
  known: null as Standing | null,

  onLoad(query: Record<string, string>) {
    this.handoff = query.handoff
    this.group = query.group as Group
  },

  onShow() {
    const { locale } = dress(this, 'consents')
    if (this.known?.texts[0]?.locale !== locale) this.read() // else what was ticked stays
  },

  read() {
    const { texts, locale } = dress(this, 'consents')
    return load(this, texts, async () => {
      this.known = await standing(this.handoff, locale)
      const rows = groupOf(this.group, this.known.texts).map((text) => ({
        ...text, given: isGiven(text, this.known as Standing), ticked: false, open: this.group === 'bureau', paragraphs: text.text.split('\n').filter(Boolean),
      }))
      this.setData({ at: this.group === 'basics' ? 2 : 3, heading: texts.consents[this.group], remark: this.group === 'bureau' ? texts.consents.bureauAlone : texts.consents.oneByOne })
      this.show(rows)
    })
  },

  show(rows: Row[]) {
    const left = rows.filter((row) => !row.given && !row.ticked).length
    this.setData({ rows, blocked: left ? textsOf(settings.locale()).consents.missing(left) : '' })
  },

  toggle(event: WechatMiniprogram.CustomEvent) {
    this.change(event.currentTarget.dataset.kind as string, (row) => ({ ticked: !row.ticked }))
  },

  unfold(event: WechatMiniprogram.TouchEvent) {
    this.change(event.currentTarget.dataset.kind as string, (row) => ({ open: !row.open }))
  },

  change(kind: string, change: (row: Row) => Partial<Row>) {
    this.show(this.data.rows.map((row) => (row.kind === kind ? { ...row, ...change(row) } : row)))
  },

  agree() {
    return step(this, async () => {
      for (const row of this.data.rows) if (!row.given) await this.give(row)
      await goOn(this.handoff, settings.locale())
    })
  },

  /** A text that has changed meanwhile is read and ticked anew. */
  async give(row: Row) {
    const enterpriseId = row.about_enterprise ? (this.known as Standing).enterpriseId : null
    try {
      await api.consent(row, enterpriseId)
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.code === 'consent.text_changed') await this.read()
      throw problem
    }
    this.known?.given.add(consentKey(row.kind, enterpriseId))
    this.change(row.kind, () => ({ given: true }))
  },
})
