/** From "pay" to a result that is known: what happened, and what the person is told; pure but for the given ports. */
import type { OpenedRepayment, PayParameters, Repayment, Wanted } from '../api/types'

/** How WeChat's payment sheet ended. `unknown`: money may have moved, so nobody may be told to pay again. */
export type SheetResult = 'paid' | 'cancelled' | 'unknown'

/** Only a clear "cancel" means that nothing was paid; every other failure is unknown until the bank has looked. */
export function sheetResult(errMsg: string): SheetResult {
  if (/:ok$/.test(errMsg)) return 'paid'
  return errMsg === 'requestPayment:fail cancel' ? 'cancelled' : 'unknown'
}

export interface Ports {
  open(loanId: string, wanted: Wanted, key: string): Promise<OpenedRepayment>
  requestPayment(parameters: PayParameters): Promise<string>
  remember(repaymentId: string): void
}

export interface Paid {
  repaymentId: string
  result: SheetResult
}

/** Open a repayment under `key` and show the payment sheet. Refusals of the bank come out as they are. */
export async function pay(ports: Ports, loanId: string, wanted: Wanted, key: string): Promise<Paid> {
  return showSheet(ports, await ports.open(loanId, wanted, key))
}

export async function showSheet(ports: Omit<Ports, 'open'>, opened: OpenedRepayment): Promise<Paid> {
  const repaymentId = opened.repayment.id
  ports.remember(repaymentId)
  return { repaymentId, result: sheetResult(await ports.requestPayment(opened.payment)) }
}

/** `late`: still no result after the usual time. */
export type Stage = 'applied' | 'closed' | 'cancelled' | 'checking' | 'late' | 'offline'

const USUAL_POLLS = 5

/** What the result page shows, from what the bank says and how often it was asked. `null`: it could not be asked. */
export function stageOf(status: Repayment['status'] | null, result: SheetResult, polls: number): Stage {
  if (status === 'applied' || status === 'closed') return status
  if (result === 'cancelled') return 'cancelled'
  if (status === null) return 'offline'
  return polls > USUAL_POLLS ? 'late' : 'checking'
}

/** Two seconds at first, five later; nothing to wait for when the person cancelled or the matter is over. */
export function nextPollMs(stage: Stage): number | null {
  if (stage === 'checking') return 2000
  return stage === 'late' || stage === 'offline' ? 5000 : null
}
