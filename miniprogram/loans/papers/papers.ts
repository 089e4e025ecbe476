/** What can be taken away of a loan: its plan, its statements month by month, and the bank's letter on paying it off. */
import * as api from '../../api/calls'
import type { Loan, StatementMonth } from '../../api/types'
import { openPaper } from '../../stores/documents'
import { dress, load, undressed } from '../../stores/screen'
import { standingStill, step } from '../../stores/stepping'
import type { Texts } from '../../texts/index'

interface Paper {
  path: string
  title: string
  note: string
}

Page({
  data: { ...undressed(), ...standingStill(), papers: [] as Paper[], months: [] as Paper[] },
  id: '',

  onLoad(query: Record<string, string>) {
    this.id = query.id
  },

  onShow() {
    this.read()
  },

  read() {
    const { texts } = dress(this, 'papers')
    return load(this, texts, async () => {
      const [loan, { items }] = await Promise.all([api.loan(this.id), api.statementMonths(this.id)])
      this.setData({ papers: papersOf(loan, texts), months: items.map((month) => statementOf(loan.id, month, texts)) })
    })
  },

  open(event: WechatMiniprogram.TouchEvent) {
    return step(this, () => openPaper(event.currentTarget.dataset.path))
  },
})

/** A settled loan has a certificate, one that runs a letter that says what settles it today. */
function papersOf({ id, status }: Loan, { papers: t }: Texts): Paper[] {
  const settled = status === 'settled'
  return [
    { path: api.papers.schedule(id), title: t.schedule, note: t.scheduleNote },
    settled ? { path: api.papers.settled(id), title: t.settled, note: t.settledNote } : { path: api.papers.payOffLetter(id), title: t.letter, note: t.letterNote },
  ]
}

const statementOf = (id: string, { month, complete }: StatementMonth, { papers: t }: Texts): Paper => ({
  path: api.papers.statement(id, month), title: t.statement(Number(month.slice(0, 4)), Number(month.slice(5))), note: complete ? t.pdf : t.running,
})
