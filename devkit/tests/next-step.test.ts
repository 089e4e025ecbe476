import assert from 'node:assert/strict'
import test from 'node:test'
import type { ConsentText, Enterprise, Me } from '../../miniprogram/api/types'
import { applicationPage, CONSENTS, consentKey, nextPage, type Standing } from '../../miniprogram/domain/next-step'
import { chosenTerms, mostEachMonth, productFor } from '../../miniprogram/domain/terms'
import { aHandoff, anApplication } from './samples'

const texts = Object.values(CONSENTS).flat().map((kind) => ({ kind, about_enterprise: ['tax_data', 'invoice_data'].includes(kind) }) as ConsentText)
const person = (level: string): Me => ({ level }) as Me
const firm = { id: 'firm-1' } as Enterprise
const basics = CONSENTS.basics.map((kind) => consentKey(kind, null))
const sources = [consentKey('bureau_query', null), consentKey('tax_data', 'firm-1'), consentKey('invoice_data', 'firm-1')]
const at = (more: Partial<Standing> = {}): Standing => ({
  handoff: aHandoff(), me: person('phone'), enterprises: [], enterpriseId: '', texts, given: new Set(), ...more,
})
const identified = { me: person('identified'), given: new Set(basics) }

const STEPS: [string, Standing, string][] = [
  ['somebody new reads what is checked', at(), 'consents?handoff=handoff-1&group=basics'],
  ['then says who they are', at({ given: new Set(basics) }), 'identity?handoff=handoff-1'],
  ['then for which business', at(identified), 'enterprise?handoff=handoff-1'],
  ['also when there is one, which was not chosen here', at({ ...identified, enterprises: [firm] }), 'enterprise?handoff=handoff-1'],
  ['then allows the data', at({ ...identified, enterprises: [firm], enterpriseId: 'firm-1' }), 'consents?handoff=handoff-1&group=sources'],
  ['of another business not', at({ ...identified, enterprises: [firm], enterpriseId: 'firm-1', given: new Set([...basics, consentKey('tax_data', 'firm-2')]) }), 'consents?handoff=handoff-1&group=sources'],
  ['the credit record by itself', at({ ...identified, enterprises: [firm], enterpriseId: 'firm-1', given: new Set([...basics, ...sources.slice(1)]) }), 'consents?handoff=handoff-1&group=bureau'],
  ['then the term', at({ ...identified, enterprises: [firm], enterpriseId: 'firm-1', given: new Set([...basics, ...sources]) }), 'terms?handoff=handoff-1'],
  ['what was applied for goes on as an application', at({ handoff: aHandoff('app-1') }), 'application?id=app-1'],
]
for (const [name, standing, page] of STEPS) test(name, () => assert.ok(nextPage(standing).endsWith(`/${page}`), nextPage(standing)))

const PAGES: [string, ReturnType<typeof anApplication>, string][] = [
  ['approved', anApplication('approved', 'confirm_costs', 'customer'), '/applications/costs/costs?id=app-approved'],
  ['costs confirmed', anApplication('approved', 'prepare_contract', 'customer'), '/applications/contract/contract?id=app-approved'],
  ['to be signed', anApplication('signing', 'sign_contract', 'customer'), '/applications/contract/contract?id=app-signing'],
  ['with the bank', anApplication('deciding', 'wait_decision', 'bank'), '/applications/application/application?id=app-deciding'],
  ['too little for the order', anApplication('approved', 'confirm_costs', 'customer', { approved_fen: 1_000_000 }), '/applications/application/application?id=app-approved'],
]
for (const [name, application, page] of PAGES) test(`an application that is ${name} goes on there`, () => assert.equal(applicationPage(application), page))

const product = { min_fen: 100_000, max_fen: 2_000_000, terms_months: [3, 6, 12], methods: ['equal_instalment', 'bullet'] } as never

test('terms that were chosen before stay, others are replaced', () => {
  assert.deepEqual(chosenTerms(product, { termMonths: 6, method: 'bullet' }), { termMonths: 6, method: 'bullet' })
  assert.deepEqual(chosenTerms(product, { termMonths: 0, method: '' }), { termMonths: 12, method: 'equal_instalment' })
})

test('no product lends more than it may', () => {
  assert.equal(productFor([product], 2_000_000), product)
  assert.equal(productFor([product], 2_000_001), null)
})

test('the highest instalment is rounded up to whole yuan', () => {
  assert.equal(mostEachMonth(10_000_000, '0.06', 12), 860_700)
  assert.equal(mostEachMonth(120_000, '0', 12), 10_000)
})
