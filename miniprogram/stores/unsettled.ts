/** The repayment that was handed to WeChat Pay and whose result is not known yet; it survives closing the mini-program. */
const KEY = 'unsettled-repayment'

export const unsettled = {
  remember: (repaymentId: string): void => wx.setStorageSync(KEY, repaymentId),
  forget: (): void => wx.removeStorageSync(KEY),
  id: (): string => (wx.getStorageSync(KEY) as string) || '',
}
