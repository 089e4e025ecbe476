/** A box to tick, unticked until the person does. `given`: it was ticked before and stays. Fires `toggle`. */
Component({
  properties: { label: { type: String, value: '' }, checked: { type: Boolean, value: false }, given: { type: Boolean, value: false } },
  methods: {
    toggle(): void {
      if (!this.data.given) this.triggerEvent('toggle')
    },
  },
})
