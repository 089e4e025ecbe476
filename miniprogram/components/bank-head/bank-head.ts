/** The bank's mark beside its full name, where somebody comes in. */
import { bankProfile, markUrl } from '../../stores/bank'
import { settings } from '../../stores/settings'

Component({
  data: { name: '', mark: '' },
  pageLifetimes: {
    show() {
      void this.fill()
    },
  },
  lifetimes: {
    attached() {
      void this.fill()
    },
  },
  methods: {
    async fill(): Promise<void> {
      const bank = await bankProfile()
      if (bank) this.setData({ name: settings.locale() === 'en' ? bank.english_name : bank.name, mark: markUrl(bank) })
    },
  },
})
