/** Every loan of the person, newest first. */
import * as api from '../../api/calls'
import type { Loan } from '../../api/types'
import { dayInWords } from '../../domain/dates'
import { yuan } from '../../domain/money'
import { isWrittenOff } from '../../domain/schedule'
import { dress, load, READY, undressed, type PageState } from '../../stores/screen'
import type { Locale } from '../../stores/settings'
import type { Texts } from '../../texts/index'

Page({
  data: { ...undressed(), items: [] as object[] },

  onShow() {
    this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'loans')
    return load(this, texts, async (): Promise<PageState> => {
      const { items } = await api.loans()
      this.setData({ items: items.map((one) => itemView(one, texts, locale)) })
      return items.length ? READY : { ...READY, status: 'empty', title: texts.loans.emptyTitle, text: texts.loans.emptyText }
    })
  },
})

function itemView(loan: Loan, texts: Texts, locale: Locale): object {
  const { loans } = texts
  const due = loan.next_due_on && loan.next_payment_fen
  return {
    id: loan.id,
    title: loans.borrowed(yuan(loan.principal_fen)),
    started: loans.started(loan.start_on),
    note: due ? loans.next(dayInWords(loan.next_due_on as string, locale), yuan(loan.next_payment_fen as number)) : loans.outstanding(yuan(loan.outstanding_principal_fen)),
    ...standing(loan, texts),
  }
}

function standing(loan: Loan, { loans, home }: Texts): { tone: string; tag: string } {
  const { status, overdue_days: late } = loan
  if (status === 'settled') return { tone: 'ok', tag: loans.settled }
  if (isWrittenOff(loan)) return { tone: 'bad', tag: loans.writtenOff }
  return late > 0 ? { tone: 'bad', tag: home.overdue(late) } : { tone: 'go', tag: loans.active }
}
