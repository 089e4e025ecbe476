/** Every instalment with its parts; paid ones quieter, the next one washed, the sum last. */
import type { Instalment } from '../../api/types'
import { sum, yuan } from '../../domain/money'
import { isPaid, numberOf } from '../../domain/schedule'
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

interface Line {
  key: string
  number: string
  due: string
  principal: string
  interest: string
  total: string
  look: string
}

Component({
  properties: { rows: { type: Array, value: [] as Instalment[] } },
  data: { lines: [] as Line[], columns: {} },
  observers: {
    rows(rows: Instalment[]) {
      const { columns } = textsOf(settings.locale()).loan
      const next = rows.find((row) => !isPaid(row))?.number
      const lines = rows.map((row) => lineOf(row, next))
      this.setData({ columns, lines: [...lines, sumOf(rows, columns.sum)] })
    },
  },
})

const lineOf = (row: Instalment, next: number | undefined): Line => ({
  key: String(row.number),
  number: numberOf(row),
  due: row.due_on,
  principal: yuan(row.principal_fen),
  interest: yuan(row.interest_fen),
  total: yuan(row.payment_fen),
  look: isPaid(row) ? 'past' : row.number === next ? 'now' : '',
})

const sumOf = (rows: Instalment[], label: string): Line => ({
  key: 'sum',
  number: '',
  due: label,
  principal: yuan(sum(rows.map((row) => row.principal_fen))),
  interest: yuan(sum(rows.map((row) => row.interest_fen))),
  total: yuan(sum(rows.map((row) => row.payment_fen))),
  look: 'sum',
})
