import assert from 'node:assert/strict'
import test from 'node:test'
import type { Message, MessageTemplate } from '../../miniprogram/api/types'
import { inboxNote, messageLine } from '../../miniprogram/domain/inbox-view'
import { answers, wantedTemplates } from '../../miniprogram/domain/reminding'
import { textsOf } from '../../miniprogram/texts/index'

const message = (kind: Message['kind'], read_at: string | null = null): Message =>
  ({ id: 'm', kind, title: '还款入账', text: '已收到', subject_id: 's', created_at: '2026-12-15T10:04:00+00:00', read_at })
const template = (kind: MessageTemplate['kind'], left = 0): MessageTemplate => ({ kind, template_id: `t-${kind}`, left })
const ALL = (['approved', 'disbursed', 'paid', 'due_soon', 'overdue'] as const).map((kind) => template(kind))

test('a message leads to what it is about', () => {
  assert.equal(messageLine(message('paid')).url, '/loans/loan/loan?id=s')
  assert.equal(messageLine(message('declined')).url, '/applications/application/application?id=s')
  assert.equal(messageLine(message('mandate_stopped')).url, '/me/automatic/automatic')
  assert.equal(messageLine(message('phone_changed')).url, '')
  assert.equal(messageLine(message('paid')).unread, true)
  assert.equal(messageLine(message('paid', '2026-12-15T11:00:00+00:00')).unread, false)
})

test('the first page names the newest message', () => {
  assert.equal(inboxNote(message('paid'), textsOf('zh-CN')), '还款入账')
  assert.equal(inboxNote(undefined, textsOf('en')), 'No messages yet')
})

test('asked for is what comes next, three at most, and nothing that is allowed already', () => {
  assert.deepEqual(wantedTemplates('signed', ALL), ['t-disbursed', 't-due_soon', 't-overdue'])
  assert.deepEqual(wantedTemplates('paid', [template('due_soon', 1), template('overdue')]), ['t-overdue'])
  assert.deepEqual(wantedTemplates('paid', []), [])
})

test('what WeChat filtered is neither allowed nor refused', () => {
  assert.deepEqual(answers(['a', 'b', 'c'], { a: 'accept', b: 'reject', c: 'filter', errMsg: 'ok' }), { accepted: ['a'], rejected: ['b'] })
})
