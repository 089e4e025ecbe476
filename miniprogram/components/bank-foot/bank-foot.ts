/** Who lends, its legal lines and its phones: from the bank's configuration, never written here. */
import { bankProfile } from '../../stores/bank'
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

Component({
  data: { bank: { legal_lines: [] as string[] }, lender: '', service: '', complaint: '' },
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
      const lender = settings.locale() === 'en' ? common.lender(bank.english_name) : '' // the legal lines say it in Chinese
      this.setData({ bank, lender, service: common.phone(bank.service_phone), complaint: common.complaint(bank.complaint_phone) })
    },
    call(event: WechatMiniprogram.TouchEvent): void {
      void wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.phone })
    },
  },
})
