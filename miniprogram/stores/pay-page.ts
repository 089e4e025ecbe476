/** What the two paying pages share: one tap at a time, and what to say when the bank refuses. */
import { yuan } from '../domain/money'
import type { Texts } from '../texts/index'
import { openRepaymentOf, showResult, type Intent } from './payments'
import { inOneLine, problemState } from './screen'

export interface Refusal {
  tone: 'bad' | 'warn'
  text: string
  url: string
  action: string
}

export interface Paying {
  busy: boolean
  refusal: Refusal | null
}

interface Screen {
  data: Paying
  setData(data: Partial<Paying>): void
}

export const notPaying = (): Paying => ({ busy: false, refusal: null })

/** A second tap while the first is under way does nothing. */
export async function payOnce(screen: Screen, intent: Intent, texts: Texts): Promise<void> {
  if (screen.data.busy) return
  screen.setData({ busy: true, refusal: null })
  try {
    showResult(await intent.pay())
  } catch (problem) {
    screen.setData({ refusal: await refusalOf(problem, intent, texts) })
  } finally {
    screen.setData({ busy: false })
  }
}

async function refusalOf(problem: unknown, intent: Intent, texts: Texts): Promise<Refusal> {
  const open = await openRepaymentOf(intent.loanId, problem).catch(() => null)
  const { openText, openAction } = texts.repay
  if (open) return { tone: 'warn', text: openText(yuan(open.amount_fen)), url: `/loans/payment/payment?id=${open.id}`, action: openAction }
  const { title, text, requestNumber } = problemState(problem, texts)
  return { tone: 'bad', text: inOneLine(title, text, requestNumber), url: '', action: '' }
}
