/** What the bank told the person: unread ones first seen, each leads to what it is about. */
import * as api from '../../api/calls'
import { messageLine, type MessageLine } from '../../domain/inbox-view'
import { dress, load, READY, undressed, type PageState } from '../../stores/screen'
import { standingStill, step } from '../../stores/stepping'
import { settings } from '../../stores/settings'

const A_PAGE = 20

Page({
  data: { ...undressed(), ...standingStill(), items: [] as MessageLine[], cursor: '', unread: '' },

  onShow() {
    this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'inbox')
    return load(this, texts, async (): Promise<PageState> => {
      const page = await api.inbox(locale, A_PAGE)
      const unread = page.unread_count ? texts.inbox.unread(page.unread_count) : ''
      this.setData({ items: page.items.map(messageLine), cursor: page.next_cursor ?? '', unread })
      return page.items.length ? READY : { ...READY, status: 'empty', title: texts.inbox.none, text: texts.inbox.noneText }
    })
  },

  more() {
    return step(this, async () => {
      const page = await api.inbox(settings.locale(), A_PAGE, this.data.cursor)
      this.setData({ items: [...this.data.items, ...page.items.map(messageLine)], cursor: page.next_cursor ?? '' })
    })
  },

  /** Opened is read; what it is about opens, or the list says that it was read. */
  open(event: WechatMiniprogram.TouchEvent) {
    const message = this.data.items.find((one) => one.id === event.currentTarget.dataset.id)
    return message && step(this, async () => {
      if (message.unread) await api.readMessage(message.id, settings.locale())
      if (message.url) await wx.navigateTo({ url: message.url })
      else await this.read()
    })
  },
})
