/** What the bank confirms to have received. */
import * as api from '../../api/calls'
import type { Receipt } from '../../api/types'
import { chinaTime } from '../../domain/dates'
import { yuan } from '../../domain/money'
import { openPaper } from '../../stores/documents'
import { standingStill, step } from '../../stores/stepping'
import { dress, load, undressed } from '../../stores/screen'
import type { Texts } from '../../texts/index'

Page({
  data: { ...undressed(), ...standingStill(), id: '', loanId: '', owing: false, remark: '', tag: '', amount: '', uppercase: '', parts: [] as object[], facts: [] as object[] },

  onLoad(query: Record<string, string>) {
    this.setData({ id: query.id })
  },

  onShow() {
    this.read()
  },

  read() {
    const { texts } = dress(this, 'receipt')
    return load(this, texts, async () => {
      const [receipt, repayment] = await Promise.all([api.receipt(this.data.id), api.repayment(this.data.id)])
      this.setData({ loanId: repayment.loan_id, ...receiptView(receipt, texts) })
    })
  },

  openPaper() {
    return step(this, () => openPaper(api.papers.receipt(this.data.id)))
  },

  goLoan() {
    void wx.redirectTo({ url: `/loans/loan/loan?id=${this.data.loanId}` })
  },

  goHome() {
    void wx.reLaunch({ url: '/pages/home/home' })
  },
})

function receiptView(receipt: Receipt, { receipt: t, common }: Texts): object {
  const amount = (fen: number): string => `${yuan(fen)} ${common.yuan}`
  const optional = [
    { label: t.penalty, fen: receipt.penalty_fen },
    { label: t.returned, fen: receipt.interest_returned_fen },
    { label: t.overpaid, fen: receipt.overpaid_fen },
  ]
  return {
    remark: receipt.recovered && receipt.outstanding_principal_fen > 0 ? t.recovered : '',
    owing: receipt.outstanding_principal_fen > 0,
    tag: receipt.outstanding_principal_fen === 0 ? t.settled : (t.postedAs[receipt.kind] ?? t.posted),
    amount: yuan(receipt.amount_fen),
    uppercase: receipt.amount_uppercase,
    parts: [
      { label: common.principal, value: amount(receipt.principal_fen) },
      { label: common.interest, value: amount(receipt.interest_fen) },
      ...optional.filter(({ fen }) => (fen ?? 0) > 0).map(({ label, fen }) => ({ label, value: amount(fen ?? 0) })),
    ],
    facts: [
      { label: t.number, value: receipt.receipt_no },
      { label: t.paidAt, value: chinaTime(receipt.paid_at) },
      { label: t.receiver, value: receipt.bank_name },
      { label: t.loan, value: receipt.loan_no },
      { label: t.outstanding, value: amount(receipt.outstanding_principal_fen) },
    ],
  }
}
