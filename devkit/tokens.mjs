// node tokens.mjs [--check]: miniprogram/tokens.wxss from design/tokens.css: `page` for :root, rpx for px (twice as many).
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import fs from 'node:fs'
import postcss from 'postcss'
import { writeOrCheck } from './drift.mjs'

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const tree = postcss.parse(fs.readFileSync(path.join(ROOT, 'design/tokens.css'), 'utf8'))

tree.walkComments((comment) => comment.remove())
// The steps of the bank's own colour come with its profile, as variables on the page; until then those of the design.
tree.walkDecls(/^--dk-brand-\d+$/, (declaration) => {
  const time = declaration.parent.parent.type === 'atrule' ? 'night' : 'day'
  declaration.value = `var(${declaration.prop.replace('brand', time)}, ${declaration.value})`
})
tree.walkRules((rule) => {
  if (rule.selector === '[data-theme="dark"]') rule.remove() // a mini-program follows the system
  else rule.selector = 'page'
})
tree.walkDecls((declaration) => {
  declaration.value = declaration.value.replace(/(-?[\d.]+)px\b/g, (_, n) => `${n * 2}rpx`)
})
tree.prepend({ text: ' Made from design/tokens.css; change that file and run `npm run tokens` in devkit/. ' })
writeOrCheck(path.join(ROOT, 'miniprogram/tokens.wxss'), `${tree.toString().trim()}\n`)
