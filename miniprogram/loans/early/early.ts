/** Pay the whole loan off today, with what both ways cost side by side. */
import * as api from '../../api/calls'
import type { LoanDetail, PayOff } from '../../api/types'
import { yuan } from '../../domain/money'
import { comparePayOff } from '../../domain/schedule'
import { Intent } from '../../stores/payments'
import { notPaying, payOnce } from '../../stores/pay-page'
import { dress, load, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { textsOf, type Texts } from '../../texts/index'

Page({
  data: { ...undressed(), ...notPaying(), total: '', saved: '', parts: '', columns: {}, lines: [] as object[] },
  intent: undefined as Intent | undefined,

  onLoad(query: Record<string, string>) {
    this.intent = new Intent(query.id, 'payoff')
  },

  onShow() {
    this.read()
  },

  read() {
    const { texts } = dress(this, 'early')
    return load(this, texts, async () => {
      const { loanId } = this.intent as Intent
      const [loan, quote] = await Promise.all([api.loan(loanId), api.payOff(loanId)])
      this.setData(comparisonView(loan, quote, texts))
    })
  },

  pay() {
    return payOnce(this, this.intent as Intent, textsOf(settings.locale()))
  },
})

function comparisonView(loan: LoanDetail, quote: PayOff, { early: t }: Texts): object {
  const { stay, settle, savedFen } = comparePayOff(loan, quote)
  const line = (what: string, a: string, b: string, look = ''): object => ({ what, stay: a, settle: b, look })
  const { total_fen: total, principal_fen: principal, interest_fen: interest } = quote
  return {
    total: yuan(total),
    saved: t.savedText(yuan(savedFen)),
    columns: t.columns,
    lines: [
      line(t.today, yuan(stay.todayFen), yuan(settle.todayFen)),
      line(t.later, yuan(stay.laterFen), yuan(settle.laterFen)),
      line(t.count, t.countValue(stay.instalments), t.countValue(settle.instalments)),
      line(t.interest, yuan(stay.interestFen), yuan(settle.interestFen), 'sum'),
    ],
    parts: interest < 0 ? t.lessText(yuan(-interest)) : t.interestPart(yuan(total), yuan(principal), yuan(interest)),
  }
}
