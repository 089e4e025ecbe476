/** Principal and interest of each instalment as bars; the table below the chart repeats every figure. */
import type { Instalment } from '../../api/types'
import { yuan } from '../../domain/money'
import { drawChart, type Chart } from '../../domain/schedule'
import { settings } from '../../stores/settings'
import { textsOf } from '../../texts/index'

Component({
  properties: { rows: { type: Array, value: [] as Instalment[] } },
  data: { chart: null as Chart | null, summary: '', firstInterest: '', lastInterest: '', paidLegend: '', common: {} },
  observers: {
    rows(rows: Instalment[]) {
      const chart = drawChart(rows)
      if (!chart) return
      const { loan, common } = textsOf(settings.locale())
      const [first, last] = [yuan(chart.first.interest_fen), yuan(chart.last.interest_fen)]
      this.setData({
        chart,
        summary: loan.chartSummary(rows.length, first, last),
        firstInterest: loan.firstInterest(first),
        lastInterest: loan.firstInterest(last),
        paidLegend: loan.paidLegend,
        common: { principal: common.principal, interest: common.interest },
      })
    },
  },
})
