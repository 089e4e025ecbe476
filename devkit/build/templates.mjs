// WXML and WXS, compiled by WeChat's own open-source template compiler.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const { TmplGroup } = createRequire(import.meta.url)('glass-easel-template-compiler')

/** One JavaScript expression holding every template; what the compiler complains about is in `warnings`. */
export function compileTemplates(project) {
  const group = new TmplGroup()
  const seen = new Set()
  const warnings = []
  const once = (name, work) => {
    if (seen.has(name)) return
    seen.add(name)
    work()
  }

  const script = (at) =>
    once(`script ${at}`, () => {
      const source = fs.readFileSync(path.join(project.root, `${at}.wxs`), 'utf8')
      group.addScript(at, portable(source))
      for (const [, ref] of source.matchAll(/require\(\s*['"]([^'"]+)['"]\s*\)/g)) {
        script(path.posix.join(path.posix.dirname(at), ref).replace(/\.wxs$/, ''))
      }
    })
  const template = (at) =>
    once(`template ${at}`, () => {
      const told = group.addTmpl(at, fs.readFileSync(path.join(project.root, `${at}.wxml`), 'utf8'))
      if (!at.startsWith('miniprogram_npm/')) warnings.push(...(told ?? []).map((one) => `${at}.wxml: ${JSON.stringify(one)}`))
      for (const name of group.getInlineScriptModuleNames(at) ?? []) {
        group.setInlineScript(at, name, portable(group.getInlineScript(at, name)))
      }
      group.getDirectDependencies(at).forEach(template)
      group.getScriptDependencies(at).forEach(script)
    })
  for (const at of project.units.keys()) template(at)
  return { code: group.getTmplGenObjectGroups(), warnings }
}

/** In WXS `constructor` is a word such as 'Array'; and the compiler names scripts without their extension. */
function portable(wxs) {
  return wxs
    .replace(/([\w$.]+(?:\[[^\]]*\])?)\.constructor\b/g, 'Object.prototype.toString.call($1).slice(8,-1)')
    .replace(/(require\(\s*['"][^'"]+)\.wxs(['"])/g, '$1$2')
}
