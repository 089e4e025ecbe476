/** Where the person is signed in, and signing other places out. */
import * as api from '../../api/calls'
import { deviceView, type DeviceView } from '../../domain/device-view'
import { dress, load, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { standingStill, step } from '../../stores/stepping'
import { textsOf } from '../../texts/index'

Page({
  data: { ...undressed(), ...standingStill(), here: [] as DeviceView[], others: [] as DeviceView[] },

  onShow() {
    this.read()
  },

  read() {
    const { texts } = dress(this, 'devices')
    return load(this, texts, async () => {
      const { items } = await api.devices()
      const [here, others] = [true, false].map((current) => items.filter((one) => one.current === current).map((one) => deviceView(one, texts)))
      this.setData({ here, others })
    })
  },

  end(event: WechatMiniprogram.TouchEvent) {
    const { devices: t } = textsOf(settings.locale())
    const { id, name } = event.currentTarget.dataset as { id: string; name: string }
    return this.ask(t.endQuestion(name), t.endText, async () => {
      await api.signDeviceOut(id)
      return t.ended
    })
  },

  endAll() {
    const { devices: t } = textsOf(settings.locale())
    return this.ask(t.endAllQuestion, t.endAllText, async () => t.endedAll((await api.signOthersOut()).ended_count))
  },

  async ask(title: string, content: string, work: () => Promise<string>) {
    const { devices: t, common } = textsOf(settings.locale())
    const { confirm } = await wx.showModal({ title, content, confirmText: t.end, cancelText: common.back })
    if (!confirm) return
    await step(this, async () => {
      void wx.showToast({ title: await work(), icon: 'none' })
      await this.read()
    })
  },
})
