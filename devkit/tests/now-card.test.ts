import assert from 'node:assert/strict'
import test from 'node:test'
import { cardView } from '../../miniprogram/domain/home-view'
import { chooseNowCard, type Facts, type NowCard } from '../../miniprogram/domain/now-card'
import { textsOf } from '../../miniprogram/texts/index'
import { aDetail, aHandoff, aLoan, anApplication, aRepayment, aRow, TODAY } from './samples'

const facts = (more: Partial<Facts> = {}): Facts => ({ signedIn: true, today: TODAY, applications: [], loans: [], handoffs: [], unsettled: null, ...more })
const approved = anApplication('approved', 'confirm_costs', 'customer')
const deciding = anApplication('deciding', 'wait_decision', 'bank')
const declined = anApplication('declined', 'improve', 'customer')
const soon = aLoan()
const later = aLoan({ next_due_on: '2027-01-11' })
const settled = aLoan({ status: 'settled', next_due_on: null, next_payment_fen: null })

const ROWS: [string, Partial<Facts>, NowCard['kind']][] = [
  ['nobody signed in', { signedIn: false, loans: [soon], applications: [approved] }, 'sign_in'],
  ['a payment in doubt comes before everything', { unsettled: aRepayment('paying'), loans: [soon], applications: [approved] }, 'unsettled'],
  ['an instalment within a week comes before an application', { loans: [soon], applications: [approved] }, 'instalment'],
  ['an overdue one too', { loans: [aLoan({ next_due_on: '2026-12-01' })], applications: [approved] }, 'instalment'],
  ['an application that waits for its owner comes before a later instalment', { loans: [later], applications: [approved] }, 'application'],
  ['so does one that the bank works on', { loans: [later], applications: [deciding] }, 'waiting'],
  ['its owner’s turn comes before the bank’s', { applications: [deciding, approved] }, 'application'],
  ['an order just brought along comes before both', { handoffs: [aHandoff()], applications: [approved, deciding] }, 'handoff'],
  ['but not before money that is due', { handoffs: [aHandoff()], loans: [soon] }, 'instalment'],
  ['a later instalment is better than nothing', { loans: [later, settled] }, 'instalment'],
  ['a loan hides the refusal of another application', { loans: [later], applications: [declined] }, 'instalment'],
  ['a fresh refusal is shown', { applications: [declined] }, 'declined'],
  ['an old one is not', { applications: [{ ...declined, submitted_at: '2026-10-01T00:00:00Z' }] }, 'nothing'],
  ['nor one that was followed by a loan now settled', { loans: [settled], applications: [anApplication('drawn', 'repay', 'customer'), declined] }, 'nothing'],
  ['nothing at all', {}, 'nothing'],
]

for (const [name, given, kind] of ROWS) test(name, () => assert.equal(chooseNowCard(facts(given)).kind, kind))

test('what the bank has written off is still asked for, and not said to be put right by paying what is late', () => {
  const lost = aLoan({ next_due_on: '2026-12-01', overdue_days: 10, due_now_fen: 860_000, status: 'overdue', written_off_on: '2026-12-10' })
  const card = chooseNowCard(facts({ loans: [lost] }))
  const texts = textsOf('zh-CN')
  const seen = cardView(card, aDetail([aRow(1)], lost), texts, 'zh-CN')
  assert.equal(seen.heading, texts.home.writtenOff)
  assert.deepEqual(seen.buttons.map((one) => one.text), [texts.home.payLate, texts.home.payAll])
})

test('of two loans the one that is due first', () => {
  const card = chooseNowCard(facts({ loans: [later, aLoan({ id: 'first' })] }))
  assert.equal(card.kind === 'instalment' && card.loan.id, 'first')
})

const TAGS: [number, string, string][] = [[-3, 'bad', '逾期 3 天'], [0, 'warn', '今天应还'], [4, 'warn', '还有 4 天'], [30, 'go', '还有 30 天']]
for (const [days, tone, tag] of TAGS) {
  test(`an instalment due in ${days} days`, () => {
    const detail = aDetail([aRow(1, { status: 'paid' }), aRow(2)])
    const view = cardView({ kind: 'instalment', loan: soon, days }, detail, textsOf('zh-CN'), 'zh-CN')
    assert.deepEqual([view.tone, view.tag, view.amount, view.crossing?.percent], [tone, tag, '8,606.64', 50])
    assert.deepEqual(view.buttons.map((one) => one.primary), [true, false])
  })
}

test('what is late is asked for with its penalty, all of it', () => {
  const late = aLoan({ overdue_days: 3, due_now_fen: 861_954, penalty_fen: 1_290 })
  const view = cardView({ kind: 'instalment', loan: late, days: -3 }, null, textsOf('zh-CN'), 'zh-CN')
  assert.deepEqual([view.tone, view.tag, view.amount, view.text], ['bad', '逾期 3 天', '8,619.54', '其中罚息 12.90 元'])
})

test('every card has words in both languages', () => {
  const cards: NowCard[] = [
    { kind: 'sign_in' }, { kind: 'nothing' }, { kind: 'handoff', handoff: aHandoff() }, { kind: 'unsettled', repayment: aRepayment('paying') }, { kind: 'application', application: approved },
    { kind: 'waiting', application: deciding }, { kind: 'declined', application: declined }, { kind: 'instalment', loan: soon, days: 4 },
  ]
  for (const locale of ['zh-CN', 'en'] as const) {
    for (const card of cards) {
      const view = cardView(card, null, textsOf(locale), locale)
      assert.ok(view.heading && view.eyebrow && view.buttons.length <= 2, `${card.kind} in ${locale}`)
    }
  }
})
