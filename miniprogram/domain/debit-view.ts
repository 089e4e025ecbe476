/** A repayment from the bank account, in words: with whom it is, whether it may still be given up, why it failed; pure. */
import type { Debit } from '../api/types'
import type { Texts } from '../texts/index'
import { chinaTime } from './dates'
import { ending } from './mandate-view'
import { yuan } from './money'
import type { PaymentView } from './payment-view'

const POLL_MS = 3000
/** Waited for while it moves; a refusal or a return is the end of it. */
export const debitPollMs = ({ status }: Debit): number | null => (status === 'requested' || status === 'filed' || status === 'succeeded' ? POLL_MS : null)

export const whyNot = (debit: Debit, { debit: t }: Texts): string => t.why[debit.fail_code ?? ''] ?? t.whyUnknown

export function debitView(debit: Debit, texts: Texts): PaymentView {
  const { debit: t, payment } = texts
  const [amount, account] = [yuan(debit.collected_fen ?? debit.amount_fen), ending(debit.account, texts)]
  const toLoan = { act: 'toLoan' as const, text: payment.toLoan, primary: false }
  const otherWay = { act: 'otherWay' as const, text: t.otherWay, primary: true }
  switch (debit.status) {
    case 'requested':
      return { tone: '', icon: 'wait', title: t.requestedTitle, text: t.requestedText(amount, account), warn: false, buttons: [toLoan, { act: 'giveUp', text: payment.giveUp, primary: false }] }
    case 'filed':
      return { tone: '', icon: 'wait', title: t.filedTitle, text: t.filedText(amount, account), warn: true, buttons: [toLoan] }
    case 'succeeded':
      return { tone: '', icon: 'wait', title: t.bookingTitle, text: t.bookingText(amount), warn: true, buttons: [toLoan] }
    case 'failed':
      return { tone: 'warn', icon: 'warn', title: t.failedTitle, text: t.failedText(account, whyNot(debit, texts)), warn: false, buttons: [otherWay, toLoan] }
    case 'returned':
      return { tone: 'warn', icon: 'warn', title: t.returnedTitle, text: t.returnedText(amount), warn: true, buttons: [otherWay, toLoan] }
    default:
      return { tone: '', icon: 'info', title: payment.closedTitle, text: payment.closedText, warn: false, buttons: [{ ...toLoan, primary: true }] }
  }
}

/** What the loan's page says of the newest debit: only a refusal that nothing has made good since. */
export function lastRefusal(debits: Debit[], texts: Texts): string {
  const [newest] = debits
  if (newest?.status !== 'failed') return ''
  return texts.debit.lastFailed(chinaTime(newest.completed_at ?? newest.requested_at), ending(newest.account, texts), whyNot(newest, texts))
}
