import assert from 'node:assert/strict'
import test from 'node:test'
import { en } from '../../miniprogram/texts/en'
import { zh } from '../../miniprogram/texts/zh-CN'

type Group = { [name: string]: unknown }

const leaves = (group: Group, at = ''): [string, unknown][] =>
  Object.entries(group).flatMap(([name, value]) =>
    value !== null && typeof value === 'object' ? leaves(value as Group, `${at}${name}.`) : [[`${at}${name}`, value] as [string, unknown]])

const said = (value: unknown): string => (typeof value === 'function' ? String(value(3, 5, 7)) : String(value))

test('both languages have the same texts', () => {
  assert.deepEqual(leaves(en).map(([name]) => name).sort(), leaves(zh).map(([name]) => name).sort())
})

test('English holds no Chinese, and neither language shouts or lures', () => {
  for (const [name, value] of leaves(en)) assert.doesNotMatch(said(value), /[\u4e00-\u9fff]/, name)
  for (const [name, value] of [...leaves(zh), ...leaves(en)]) assert.doesNotMatch(said(value), /[!！]|恭喜|秒到|低门槛|立即提额|您|亲/, name)
})
