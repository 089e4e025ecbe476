import assert from 'node:assert/strict'
import test from 'node:test'
import { chinaTime, daysBetween, dayInWords, today } from '../../miniprogram/domain/dates'

test('the business day changes at midnight in China, not in UTC', () => {
  assert.equal(today(Date.parse('2026-11-23T15:59:59Z')), '2026-11-23')
  assert.equal(today(Date.parse('2026-11-23T16:00:00Z')), '2026-11-24')
})

test('whole days between dates', () => {
  const rows: [string, string, number][] = [['2026-11-24', '2026-11-24', 0], ['2026-11-24', '2026-12-24', 30], ['2028-02-28', '2028-03-01', 2], ['2026-12-02', '2026-12-01', -1]]
  for (const [from, to, days] of rows) assert.equal(daysBetween(from, to), days)
})

test('a day in a sentence', () => {
  assert.equal(dayInWords('2026-12-15', 'zh-CN'), '12 月 15 日（周二）')
  assert.equal(dayInWords('2026-12-15', 'en'), 'Tue 15 Dec')
  assert.equal(dayInWords('2027-01-03', 'zh-CN'), '1 月 3 日（周日）')
})

test('instants are shown on a clock in China', () => {
  assert.equal(chinaTime('2026-11-23T19:57:03.123456+00:00'), '2026-11-24 03:57')
  assert.equal(chinaTime('2026-11-23T19:57:03Z'), '2026-11-24 03:57')
})
