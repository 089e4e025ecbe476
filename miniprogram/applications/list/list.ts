/** Every application of the person, newest first. */
import * as api from '../../api/calls'
import type { Application } from '../../api/types'
import { applicationTone } from '../../domain/application-tone'
import { chinaTime } from '../../domain/dates'
import { yuan } from '../../domain/money'
import { dress, load, READY, undressed, type PageState } from '../../stores/screen'
import type { Locale } from '../../stores/settings'
import { wordsOf, type Texts } from '../../texts/index'

Page({
  data: { ...undressed(), items: [] as object[] },

  onShow() {
    this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'applications')
    return load(this, texts, async (): Promise<PageState> => {
      const { items } = await api.applications()
      this.setData({ items: items.map((one) => itemView(one, texts, locale)) })
      const { emptyTitle, emptyText } = texts.applications
      return items.length ? READY : { ...READY, status: 'empty', title: emptyTitle, text: emptyText }
    })
  },
})

/** A date and time that no line break parts. */
const whole = (time: string): string => time.replace(/-/g, '\u2011').replace(' ', '\u00a0')

function itemView(one: Application, { applications: t }: Texts, locale: Locale): object {
  return {
    id: one.id,
    title: t.amount(yuan(one.amount_fen), one.term_months),
    note: `${wordsOf(one.product_name, locale)} · ${whole(chinaTime(one.submitted_at))}`,
    tone: applicationTone(one.status),
    tag: t.status[one.status] ?? one.status,
  }
}
