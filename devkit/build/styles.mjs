// WXSS as CSS: rpx become vw, tags of WeChat become the names they have in the browser, classes get their scope.
import fs from 'node:fs'
import path from 'node:path'
import postcss from 'postcss'
import selectors from 'postcss-selector-parser'
import { BUILT_IN } from './tags.mjs'

const TAGS = new Set([...BUILT_IN, 'page'])

/** CSS by unit; `app` is app.wxss. */
export function compileStyles(project) {
  const css = { app: sheet(project.root, path.join(project.root, 'app.wxss'), undefined) }
  for (const unit of project.units.values()) css[unit.at] = sheet(project.root, `${unit.file}.wxss`, unit.scope)
  return css
}

function sheet(root, file, scope, seen = new Set()) {
  if (seen.has(file) || !fs.existsSync(file)) return ''
  seen.add(file)
  const tree = postcss.parse(fs.readFileSync(file, 'utf8'), { from: file })
  let imported = ''
  tree.walkAtRules('import', (rule) => {
    const ref = rule.params.replace(/^url\(|\)$/g, '').replace(/['"]/g, '')
    imported += sheet(root, ref.startsWith('/') ? path.join(root, ref) : path.resolve(path.dirname(file), ref), scope, seen)
    rule.remove()
  })
  tree.walkDecls((declaration) => {
    declaration.value = declaration.value.replace(/(-?[\d.]+)rpx\b/g, (_, n) => `${+(n / 7.5).toFixed(5)}vw`)
  })
  tree.walkRules((rule) => {
    if (!rule.parent.name?.endsWith('keyframes')) rule.selector = selectors((all) => rewrite(all, scope)).processSync(rule.selector)
  })
  return `${imported}${tree}`
}

function rewrite(all, scope) {
  all.walkTags((tag) => {
    if (TAGS.has(tag.value)) tag.value = `wx-${tag.value}`
  })
  if (scope) all.walkClasses((name) => { name.value = `${scope}--${name.value}` })
  all.walkPseudos((pseudo) => {
    if (pseudo.value !== ':host') return
    pseudo.replaceWith(selectors.attribute({ attribute: 'wx-host', operator: '=', value: scope ?? '', quoteMark: '"', raws: {} }))
  })
}
