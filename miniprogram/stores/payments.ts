/** Paying as repay and pay-off pages do it: one intent, one key, one payment sheet; then the page with the result. */
import * as api from '../api/calls'
import { ApiProblem, newKey } from '../api/client'
import type { OpenedRepayment, PayParameters, Repayment, Wanted } from '../api/types'
import { pay, showSheet, type Paid } from '../domain/paying'
import { unsettled } from './unsettled'

const REPAYMENT_OPEN = 'loan.repayment_open'

const requestPayment = ({ timeStamp, nonceStr, package: prepay, signType, paySign }: PayParameters): Promise<string> =>
  new Promise((resolve) => {
    wx.requestPayment({
      timeStamp,
      nonceStr,
      package: prepay,
      signType: signType as 'RSA',
      paySign,
      success: ({ errMsg }) => resolve(errMsg),
      fail: ({ errMsg }) => resolve(errMsg),
    })
  })

const sheet = { requestPayment, remember: unsettled.remember }

export type PayWay = 'wechat' | 'account'

/** The key of an intent outlives a lost answer, so that tapping again cannot open a second repayment. */
export class Intent {
  private key = newKey()

  constructor(readonly loanId: string, readonly wanted: Wanted, readonly way: PayWay = 'wechat') {}

  async pay(): Promise<Paid> {
    try {
      if (this.way === 'account') return await this.askForDebit()
      return await pay({ ...sheet, open: api.openRepayment }, this.loanId, this.wanted, this.key)
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.kind === 'refused') this.key = newKey()
      throw problem
    }
  }

  /** There is no payment sheet: the bank takes the money, and its word is waited for on the page of the result. */
  private async askForDebit(): Promise<Paid> {
    const { repayment } = await api.openByAccount(this.loanId, this.wanted, this.key)
    return { repaymentId: repayment.id, result: 'unknown' }
  }
}

export const payAgain = async (repaymentId: string): Promise<Paid> => showSheet(sheet, await continued(repaymentId))

const continued = (repaymentId: string): Promise<OpenedRepayment> => api.continueRepayment(repaymentId)

export const showResult = ({ repaymentId, result }: Paid): void =>
  void wx.redirectTo({ url: `/loans/payment/payment?id=${repaymentId}&result=${result}` })

/** The repayment that stands in the way of another one, if that is why the bank refused. */
export async function openRepaymentOf(loanId: string, problem: unknown): Promise<Repayment | null> {
  if (!(problem instanceof ApiProblem) || problem.code !== REPAYMENT_OPEN) return null
  const { items } = await api.repayments(loanId)
  return items.find((one) => one.status === 'opened' || one.status === 'paying') ?? null
}
