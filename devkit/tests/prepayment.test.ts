import assert from 'node:assert/strict'
import test from 'node:test'
import type { EarlyQuote, PayOff } from '../../miniprogram/api/types'
import { partRefused, partView, wholeView } from '../../miniprogram/domain/early-view'
import { lowering, settling, staying, usualParts } from '../../miniprogram/domain/prepayment'
import { textsOf } from '../../miniprogram/texts/index'
import { aDetail, aRow } from './samples'

const loan = aDetail([aRow(1, { status: 'paid' }), aRow(2), aRow(3)])
const whole: PayOff = {
  valid_on: '2026-12-11', total_fen: 1_690_000, principal_fen: 1_670_580, interest_fen: 19_420, penalty_fen: 0,
  interest_saved_fen: 31_328, remaining_interest_fen: 50_748, remaining_total_fen: 1_721_328,
}
const left = (payments: number[], saved: number): EarlyQuote['shorter_term'] => ({
  instalments: payments.map((payment_fen, index) => ({ number: index + 1, due_on: `2027-0${index + 1}-15`, payment_fen, principal_fen: payment_fen - 100, interest_fen: 100, fee_fen: 0, balance_fen: 0 })),
  interest_saved_fen: saved, total_interest_fen: 100 * payments.length, total_fee_fen: 0, all_in_annual_rate: '0.06', effective_annual_rate: '0.0617',
})
const quote: EarlyQuote = {
  valid_on: '2026-12-11', amount_fen: 800_000, pay_off_fen: 1_690_000, penalty_fen: 0, arrears_fen: 0, interest_fen: 19_420, principal_fen: 780_580,
  lower_instalment: left([450_000, 449_998], 12_000), shorter_term: left([890_500], 20_000),
}

test('staying, settling and both ways of a part', () => {
  assert.deepEqual(staying(loan, whole), { todayFen: 0, laterFen: 1_721_328, nextFen: 860_664, lastFen: 860_664, instalments: 2, endsOn: '2026-08-15', interestFen: 50_748, savedFen: 0 })
  assert.equal(settling(whole).todayFen + settling(whole).savedFen, staying(loan, whole).laterFen)
  assert.deepEqual(lowering(whole, quote, 'shorter_term'), { todayFen: 800_000, laterFen: 890_500, nextFen: 890_500, lastFen: 890_500, instalments: 1, endsOn: '2027-01-15', interestFen: 30_748, savedFen: 20_000 })
  assert.equal(lowering(whole, quote, 'lower_instalment').interestFen, 38_748)
})

test('a part is shown in three columns, the whole in two', () => {
  for (const locale of ['zh-CN', 'en'] as const) {
    const part = partView(loan, whole, quote, 'lower_instalment', textsOf(locale))
    assert.deepEqual([part.columns.length, part.ways.length, part.mode, part.total], [3, 2, 'lower_instalment', '8,000.00'])
    assert.ok(part.lines.every((line) => line.values.length === 3))
    assert.match(part.saved, /120\.00/)
    assert.deepEqual(part.lines[part.lines.length - 1].values, ['0.00', '200.00', '120.00'])
    const all = wholeView(loan, whole, textsOf(locale))
    assert.deepEqual([all.columns.length, all.ways.length, all.total], [2, 0, '16,900.00'])
    assert.match(all.parts, /194\.20/)
  }
})

test('where there is nothing to shorten only one way is offered', () => {
  const same = { ...quote, shorter_term: quote.lower_instalment }
  const view = partView(loan, whole, same, 'shorter_term', textsOf('zh-CN'))
  assert.deepEqual([view.columns.length, view.ways.length, view.mode], [2, 0, 'lower_instalment'])
})

test('what was late is named in the parts', () => {
  const late = { ...quote, arrears_fen: 860_664, penalty_fen: 1_000 }
  assert.match(partView(loan, whole, late, 'shorter_term', textsOf('zh-CN')).parts, /8,616\.64 元先还到期的/)
  assert.match(wholeView(loan, { ...whole, penalty_fen: 1_000 }, textsOf('en')).parts, /10\.00 penalty/)
})

test('amounts to begin with are round and different', () => {
  assert.deepEqual(usualParts(5_074_810), [1_000_000, 2_000_000])
  assert.deepEqual(usualParts(30_000), [10_000])
  assert.deepEqual(usualParts(9_000), [])
})

test('a refused amount says what to do', () => {
  const texts = textsOf('zh-CN')
  assert.match(partRefused('prepayment.settles_loan', { pay_off_fen: 1_690_000 }, texts), /16,900\.00 元就全部还清/)
  assert.match(partRefused('prepayment.amount_too_small', {}, texts), /填多一些/)
  assert.match(partRefused('offline', {}, texts), /网络/)
  assert.match(partRefused('loan.not_payable', {}, texts), /loan\.not_payable/)
})
