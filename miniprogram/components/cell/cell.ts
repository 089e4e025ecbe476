/** A line that leads to a page; with `opens` it fires `open` instead, for what is no page. */
Component({
  properties: {
    icon: { type: String, value: '' }, title: { type: String, value: '' }, note: { type: String, value: '' }, url: { type: String, value: '' },
    opens: { type: Boolean, value: false },
  },
  methods: {
    go(): void {
      if (this.data.opens) this.triggerEvent('open')
      else if (this.data.url) void wx.navigateTo({ url: this.data.url })
    },
  },
})
