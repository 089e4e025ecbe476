/** A message in the list, and the page that it is about; pure. */
import type { Message } from '../api/types'
import type { Texts } from '../texts/index'
import { chinaTime } from './dates'

const LOAN = (id: string): string => `/loans/loan/loan?id=${id}`
const APPLICATION = (id: string): string => `/applications/application/application?id=${id}`
const ACCOUNT = (): string => '/me/automatic/automatic'
/** By kind; what is not here is about nothing that has a page. */
const PAGES: Record<string, (id: string) => string> = {
  approved: APPLICATION, declined: APPLICATION, disbursed: LOAN, paid: LOAN, payment_reversed: LOAN, settled: LOAN, terms_changed: LOAN, due_soon: LOAN, overdue: LOAN,
  debit_failed: ACCOUNT, mandate_stopped: ACCOUNT,
}

export interface MessageLine {
  id: string
  title: string
  text: string
  time: string
  unread: boolean
  url: string
}

export const messageLine = (message: Message): MessageLine => ({
  id: message.id,
  title: message.title,
  text: message.text,
  time: chinaTime(message.created_at),
  unread: message.read_at === null,
  url: PAGES[message.kind]?.(message.subject_id) ?? '',
})

/** The line on the first page: what came last. */
export const inboxNote = (newest: Message | undefined, { inbox: t }: Texts): string => newest?.title ?? t.none
