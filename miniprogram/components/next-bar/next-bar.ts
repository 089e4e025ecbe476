/** The one thing to do, at the bottom; `blocked` says in words why it cannot be done yet. Fires `next`. */
Component({
  properties: { text: { type: String, value: '' }, hint: { type: String, value: '' }, blocked: { type: String, value: '' }, busy: { type: Boolean, value: false } },
  methods: {
    next(): void {
      if (!this.data.blocked) this.triggerEvent('next')
    },
  },
})
