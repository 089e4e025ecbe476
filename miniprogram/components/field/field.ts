/** One question to be typed: its name above, a hint or what is wrong below. Fires `typed` with the value. */
Component({
  properties: {
    label: { type: String, value: '' }, value: { type: String, value: '' }, hint: { type: String, value: '' }, wrong: { type: String, value: '' },
    type: { type: String, value: 'text' }, most: { type: Number, value: 60 }, big: { type: Boolean, value: false },
  },
  methods: {
    onInput(event: WechatMiniprogram.Input): void {
      this.triggerEvent('typed', { value: event.detail.value })
    },
  },
})
