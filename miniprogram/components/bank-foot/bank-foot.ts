/** Who lends, its legal lines and its phones: from the bank's configuration, never written here. */
import { bankProfile } from '../../stores/bank'
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

Component({
  data: { legal: [] as string[], licence: '', bank: {}, service: '', complaint: '' },
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
      if (!bank) return
      const { common } = textsOf(settings.locale())
      const english = settings.locale() === 'en'
      const legal = english ? bank.english_legal_lines : bank.legal_lines
      const licence = english ? bank.english_licence_line : bank.licence_line
      this.setData({ bank, legal, licence, service: common.phone(bank.service_phone), complaint: common.complaint(bank.complaint_phone) })
    },
    call(event: WechatMiniprogram.TouchEvent): void {
      void wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.phone })
    },
  },
})
