import assert from 'node:assert/strict'
import test from 'node:test'
import { countSchedule, drawChart } from '../../miniprogram/domain/schedule'
import { aDetail, aRow } from './samples'

const rows = [aRow(1, { status: 'paid' }), aRow(2), aRow(3)]

test('paid and left are counted, replaced by a pay-off too', () => {
  const counts = countSchedule(aDetail([aRow(1, { status: 'paid' }), aRow(2, { status: 'payoff' }), aRow(3)]))
  assert.deepEqual([counts.paid, counts.total, counts.percent], [2, 3, 67])
  assert.deepEqual([counts.interestFen, counts.paidInterestFen], [76_122, 50_748])
})

test('the chart starts at zero, fits its highest bar and has at most two lines', () => {
  const chart = drawChart(rows)
  assert.ok(chart)
  for (const bar of chart.bars) assert.ok(bar.principalPercent + bar.interestPercent <= 100.1)
  assert.deepEqual(chart.lines.map((line) => line.label), [4000, 8000])
  assert.deepEqual(chart.bars.map((bar) => [bar.paid, bar.now]), [[true, false], [false, true], [false, false]])
})

test('labels thin out when there are many instalments', () => {
  const chart = drawChart(Array.from({ length: 24 }, (_, index) => aRow(index + 1)))
  assert.equal(chart?.bars.filter((bar) => bar.label).length, 12)
})

test('what was paid early beside the plan has no number of it', () => {
  const labels = drawChart([aRow(1, { status: 'paid' }), aRow(13, { status: 'payoff' })])?.bars.map((bar) => bar.label)
  assert.deepEqual(labels, ['1', '—'])
})

test('odd schedules are drawn too', () => {
  assert.equal(drawChart([]), null)
  assert.equal(drawChart([aRow(1, { principal_fen: 0, interest_fen: 0, payment_fen: 0 })])?.bars[0].principalPercent, 0)
})
