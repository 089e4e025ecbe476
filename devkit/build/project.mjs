// Reads a mini-program folder: its pages and every component they reach, in the order in which they are met.
import fs from 'node:fs'
import path from 'node:path'

export const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'))
export const isFile = (file) => fs.existsSync(file) && fs.statSync(file).isFile()

/** A page or component: `at` is its path without extension inside the folder, `uses` maps tags to such paths. */
export function readProject(root) {
  const app = readJson(path.join(root, 'app.json'))
  const pages = [...app.pages, ...(app.subPackages ?? []).flatMap((part) => part.pages.map((page) => `${part.root}/${page}`))]
  const units = new Map()

  const visit = (at) => {
    if (units.has(at)) return
    const file = path.join(root, at)
    if (!isFile(`${file}.wxml`)) throw new Error(`${at}.wxml is missing`)
    const config = isFile(`${file}.json`) ? readJson(`${file}.json`) : {}
    const unit = { at, file, config, uses: {} }
    units.set(at, unit)
    const global = at.startsWith('miniprogram_npm/') ? {} : app.usingComponents
    for (const [tag, ref] of Object.entries({ ...global, ...config.usingComponents })) {
      const from = config.usingComponents?.[tag] ? at : 'app'
      unit.uses[tag] = resolve(root, ref, from)
      visit(unit.uses[tag])
    }
  }
  pages.forEach(visit)
  nameScopes(units)
  return { root, app, pages, units }
}

function resolve(root, ref, from) {
  const beside = ref.startsWith('/') ? ref.slice(1) : path.posix.join(path.posix.dirname(from), ref)
  const choices = [beside, `${beside}/index`, `miniprogram_npm/${ref}`, `miniprogram_npm/${ref}/index`]
  const found = choices.find((choice) => isFile(path.join(root, `${choice}.json`)))
  if (!found) throw new Error(`${from}: component ${ref} is not there`)
  return found
}

/** Components that do not share their style get a prefix for their classes. */
function nameScopes(units) {
  let next = 0
  for (const unit of units.values()) {
    const isolation = unit.config.styleIsolation ?? (unit.config.component ? 'isolated' : 'shared')
    if (isolation === 'isolated' || isolation === 'apply-shared') unit.scope = `s${(next++).toString(36)}`
  }
}
