import assert from 'node:assert/strict'
import test from 'node:test'
import { fenOf, percent, sum, yuan } from '../../miniprogram/domain/money'

test('amounts have separators, two decimals and a true minus', () => {
  const rows: [number, string][] = [[0, '0.00'], [5, '0.05'], [99, '0.99'], [100, '1.00'], [860_664, '8,606.64'], [10_000_000, '100,000.00'], [123_456_789_012, '1,234,567,890.12'], [-4282, '\u221242.82']]
  for (const [fen, text] of rows) assert.equal(yuan(fen), text)
})

test('rates are rounded half up by their digits', () => {
  const rows: [string | number, string][] = [['0.06', '6.00%'], ['0.072000', '7.20%'], ['0.0725', '7.25%'], ['0.07255', '7.26%'], ['0.07254999', '7.25%'], ['0.24', '24.00%'], ['1', '100.00%'], ['0', '0.00%'], ['12.5', '1,250.00%'], ['-0.01', '\u22121.00%'], [0.06, '6.00%']]
  for (const [rate, text] of rows) assert.equal(percent(rate), text)
})

test('every amount of fen is what its digits say', () => {
  for (let fen = 0; fen < 200_000; fen += 37) {
    const text = yuan(fen)
    assert.match(text, /^\d{1,3}(,\d{3})*\.\d\d$/)
    assert.equal(Number(text.replaceAll(/[,.]/g, '')), fen)
  }
})

test('sums', () => {
  assert.equal(sum([]), 0)
  assert.equal(sum([1, 2, 3]), 6)
})

test('what was typed becomes fen, or nothing', () => {
  const rows: [string, number | null][] = [['20,000.00', 2_000_000], ['20000.5', 2_000_050], ['1.', 100], [' 3，000 ', 300_000], ['0', 0], ['', null], ['1.234', null], ['-1', null], ['1e3', null], ['１', null], ['9999999999', null]]
  for (const [typed, fen] of rows) assert.equal(fenOf(typed), fen, typed)
})
