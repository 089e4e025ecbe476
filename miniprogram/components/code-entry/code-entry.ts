/** Six digits from a text message, and another message when the time has come. Fires `typed` and `again`. */
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

const TICK_MS = 1000

Component({
  properties: { value: { type: String, value: '' }, hint: { type: String, value: '' }, wrong: { type: String, value: '' }, resendAt: { type: Number, value: 0 } },
  data: { label: '', resend: '', waiting: '', timer: 0 },
  observers: {
    resendAt() {
      this.count()
    },
  },
  lifetimes: {
    attached() {
      this.setData({ timer: setInterval(() => this.count(), TICK_MS) as unknown as number })
      this.count()
    },
    detached() {
      clearInterval(this.data.timer)
    },
  },
  methods: {
    count(): void {
      const { sign: t } = textsOf(settings.locale())
      const left = Math.max(0, Math.ceil((this.data.resendAt - Date.now()) / 1000))
      const [waiting, { label, resend }] = [left ? t.resendIn(left) : '', this.data]
      if (waiting !== this.data.waiting || label !== t.code || resend !== t.resend) this.setData({ waiting, label: t.code, resend: t.resend })
    },
    onTyped(event: WechatMiniprogram.CustomEvent<{ value: string }>): void {
      this.triggerEvent('typed', event.detail)
    },
    again(): void {
      this.triggerEvent('again')
    },
  },
})
