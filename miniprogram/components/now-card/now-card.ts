/** The one card of the first screen: what to do now. */
Component({
  properties: { card: { type: Object, value: {} }, unit: { type: String, value: '' } },
  methods: {
    go(event: WechatMiniprogram.TouchEvent): void {
      void wx.navigateTo({ url: event.currentTarget.dataset.url })
    },
  },
})
