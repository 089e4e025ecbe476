/** Which messages are asked for at which moment: what comes next, and none that is allowed already; pure. */
import type { MessageTemplate } from '../api/types'

export type Moment = 'signed' | 'paid'

/** WeChat shows three at most. */
const MOST = 3
const KINDS: Record<Moment, string[]> = { signed: ['disbursed', 'due_soon', 'overdue'], paid: ['due_soon', 'overdue', 'paid'] }

export function wantedTemplates(moment: Moment, templates: MessageTemplate[]): string[] {
  const open = KINDS[moment].map((kind) => templates.find((one) => one.kind === kind)).filter((one) => one && one.left === 0)
  return open.map((one) => (one as MessageTemplate).template_id).slice(0, MOST)
}

/** What was tapped in WeChat's question, by template; one that WeChat filtered or banned counts as neither. */
export function answers(ids: string[], told: Record<string, string>): { accepted: string[]; rejected: string[] } {
  const those = (word: string): string[] => ids.filter((id) => told[id] === word)
  return { accepted: those('accept'), rejected: those('reject') }
}
