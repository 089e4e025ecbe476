/** How far the way to a loan is: four bars and the same in words. */
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

const COUNT = 4

Component({
  properties: { at: { type: Number, value: 0 } },
  data: { bars: [] as { on: boolean; number: number }[], text: '' },
  observers: {
    at() {
      this.fill()
    },
  },
  lifetimes: {
    attached() {
      this.fill()
    },
  },
  pageLifetimes: {
    show() {
      this.fill()
    },
  },
  methods: {
    fill(): void {
      const { steps, stepNames } = textsOf(settings.locale()).common
      const bars = Array.from({ length: COUNT }, (_, index) => ({ number: index + 1, on: index < this.data.at }))
      this.setData({ bars, text: `${steps(this.data.at, COUNT)} · ${stepNames[this.data.at - 1] ?? ''}` })
    },
  },
})
