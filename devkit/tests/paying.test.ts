import assert from 'node:assert/strict'
import test from 'node:test'
import type { OpenedRepayment } from '../../miniprogram/api/types'
import { nextPollMs, pay, sheetResult, stageOf, type SheetResult, type Stage } from '../../miniprogram/domain/paying'
import { paymentView } from '../../miniprogram/domain/payment-view'
import { textsOf } from '../../miniprogram/texts/index'
import { aRepayment } from './samples'

test('only a clear cancel means that nothing was paid', () => {
  const rows: [string, SheetResult][] = [
    ['requestPayment:ok', 'paid'], ['requestPayment:fail cancel', 'cancelled'], ['requestPayment:fail', 'unknown'],
    ['requestPayment:fail system:error', 'unknown'], ['requestPayment:fail could not cancel', 'unknown'], ['requestPayment:fail network error', 'unknown'], ['', 'unknown'],
  ]
  for (const [message, result] of rows) assert.equal(sheetResult(message), result)
})

const STAGES: [string | null, SheetResult, number, Stage][] = [
  ['applied', 'unknown', 1, 'applied'], ['applied', 'cancelled', 1, 'applied'], ['closed', 'cancelled', 1, 'closed'], ['paying', 'cancelled', 1, 'cancelled'],
  ['opened', 'cancelled', 9, 'cancelled'], ['paying', 'paid', 1, 'checking'], ['paying', 'unknown', 5, 'checking'], ['paying', 'paid', 6, 'late'],
  [null, 'paid', 1, 'offline'], [null, 'unknown', 20, 'offline'], [null, 'cancelled', 1, 'cancelled'],
]
for (const [status, result, polls, stage] of STAGES) {
  test(`${status} after ${result}, asked ${polls} times: ${stage}`, () => assert.equal(stageOf(status, result, polls), stage))
}

test('it asks again exactly while the result is unknown', () => {
  const waits = (['applied', 'closed', 'cancelled', 'checking', 'late', 'offline'] as const).map(nextPollMs)
  assert.deepEqual(waits, [null, null, null, 2000, 5000, 5000])
})

test('while money may have moved, the first words are not to pay again', () => {
  for (const stage of ['checking', 'late', 'offline'] as const) {
    assert.ok(paymentView(stage, '1.00', textsOf('zh-CN')).text.startsWith('请不要再付'))
    assert.ok(paymentView(stage, '1.00', textsOf('en')).text.startsWith('Please do not pay again'))
    assert.ok(!paymentView(stage, '1.00', textsOf('zh-CN')).buttons.some((one) => one.act === 'again'))
  }
})

test('the repayment is remembered before the sheet is shown', async () => {
  const order: string[] = []
  const opened = { repayment: aRepayment('paying'), payment: {} } as OpenedRepayment
  const ports = {
    open: async () => opened,
    remember: (id: string) => { order.push(`remember ${id}`) },
    requestPayment: async () => { order.push('sheet'); return 'requestPayment:fail cancel' },
  }
  assert.deepEqual(await pay(ports, 'loan-1', { kind: 'instalment' }, 'key'), { repaymentId: 'repayment-1', result: 'cancelled' })
  assert.deepEqual(order, ['remember repayment-1', 'sheet'])
})
