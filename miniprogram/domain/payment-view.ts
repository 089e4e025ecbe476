/** The page after the payment sheet, in words; pure. While money may have moved, "do not pay again" comes first. */
import type { Texts } from '../texts/index'
import type { Stage } from './paying'

export type Act = 'check' | 'again' | 'giveUp' | 'toLoan' | 'otherWay' | 'call'

export interface PaymentView {
  tone: '' | 'warn'
  icon: 'wait' | 'warn' | 'info'
  title: string
  text: string
  warn: boolean
  buttons: { act: Act; text: string; primary: boolean }[]
}

export function paymentView(stage: Exclude<Stage, 'applied'>, amount: string, { payment: t }: Texts): PaymentView {
  const button = (act: Exclude<Act, 'otherWay'>, primary = false): PaymentView['buttons'][number] => ({ act, primary, text: act === 'check' ? t.checkNow : t[act] })
  switch (stage) {
    case 'checking':
      return { tone: '', icon: 'wait', title: t.checkingTitle, text: t.checkingText(amount), warn: true, buttons: [] }
    case 'late':
      return { tone: 'warn', icon: 'warn', title: t.lateTitle, text: t.lateText(amount), warn: true, buttons: [button('check'), button('call')] }
    case 'offline':
      return { tone: 'warn', icon: 'warn', title: t.offlineTitle, text: t.offlineText, warn: true, buttons: [button('check'), button('call')] }
    case 'cancelled':
      return { tone: '', icon: 'info', title: t.cancelledTitle, text: t.cancelledText(amount), warn: false, buttons: [button('again', true), button('giveUp')] }
    case 'closed':
      return { tone: '', icon: 'info', title: t.closedTitle, text: t.closedText, warn: false, buttons: [button('toLoan', true)] }
  }
}
