/** Offers messages in WeChat at the moment when they are wanted. WeChat asks in a tap only, so what it asks for is known before. */
import * as api from '../../api/calls'
import { answers, wantedTemplates, type Moment } from '../../domain/reminding'
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

Component({
  properties: { moment: { type: String, value: '' } },
  data: { ids: [] as string[], heading: '', text: '', action: '', done: '' },
  observers: {
    moment() {
      void this.offer()
    },
  },
  methods: {
    /** Nobody misses an offer that could not be made. */
    async offer(): Promise<void> {
      const moment = this.data.moment as Moment | ''
      if (!moment) return this.setData({ ids: [] })
      const templates = await api.messageTemplates().catch(() => ({ items: [] }))
      const { remind: t } = textsOf(settings.locale())
      this.setData({ ids: wantedTemplates(moment, templates.items), heading: t.heading, text: t.texts[moment], action: t.action })
    },
    async ask(): Promise<void> {
      const { remind: t } = textsOf(settings.locale())
      const { ids } = this.data
      const told = await wx.requestSubscribeMessage({ tmplIds: ids }).catch(() => null)
      if (!told) return this.setData({ done: t.closed })
      const { accepted, rejected } = answers(ids, told as unknown as Record<string, string>)
      await api.grantMessages(accepted, rejected).catch(() => undefined) // WeChat tells the bank as well
      this.setData({ done: accepted.length ? t.allowed : t.refused })
    },
  },
})
