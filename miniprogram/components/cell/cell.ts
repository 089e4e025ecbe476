/** A line that leads somewhere. */
Component({
  properties: { icon: { type: String, value: '' }, title: { type: String, value: '' }, note: { type: String, value: '' }, url: { type: String, value: '' } },
  methods: {
    go(): void {
      if (this.data.url) void wx.navigateTo({ url: this.data.url })
    },
  },
})
