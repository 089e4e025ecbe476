/** What a page shows instead of its content: reading, nothing there, or what went wrong. Fires `act` for its button. */
Component({
  properties: { state: { type: Object, value: {} } },
  methods: {
    act(): void {
      this.triggerEvent('act')
    },
  },
})
