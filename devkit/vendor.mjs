// node vendor.mjs: copies the TDesign components that app.json names, and what they need, into miniprogram/miniprogram_npm.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isFile, readJson } from './build/project.mjs'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const SOURCE = path.join(HERE, 'node_modules/tdesign-miniprogram/miniprogram_dist')
const TARGET = path.join(HERE, '../miniprogram/miniprogram_npm/tdesign-miniprogram')
const taken = new Set()

const app = readJson(path.join(HERE, '../miniprogram/app.json'))
fs.rmSync(TARGET, { recursive: true, force: true })
for (const ref of Object.values(app.usingComponents)) {
  if (ref.startsWith('tdesign-miniprogram/')) takeComponent(ref.replace('tdesign-miniprogram/', ''))
}
console.log(`  tdesign-miniprogram: ${taken.size} files`)

function takeComponent(at) {
  for (const end of ['.json', '.js', '.wxml', '.wxss']) take(`${at}${end}`)
}

function take(at) {
  if (taken.has(at) || !isFile(path.join(SOURCE, at))) return
  taken.add(at)
  const text = fs.readFileSync(path.join(SOURCE, at), 'utf8')
  write(at, at.endsWith('.wxss') ? withoutRemoteFonts(text) : text)
  needs(at, text).forEach((next) => (isFile(path.join(SOURCE, `${next}.json`)) ? takeComponent(next) : take(next)))
}

/** TDesign's icon font lives on its own host, which a mini-program may not reach: icons come from icons/ instead. */
function withoutRemoteFonts(wxss) {
  return wxss.replace(/@font-face\{[^}]*\}/g, '')
}

function needs(at, text) {
  const beside = (ref) => path.posix.join(path.posix.dirname(at), ref)
  if (at.endsWith('.json')) return Object.values(JSON.parse(text).usingComponents ?? {}).map(beside)
  if (at.endsWith('.js')) return [...text.matchAll(/(?:from|import|require\()\s*["']([^"']+)["']/g)].map(([, ref]) => script(beside(ref), ref))
  if (at.endsWith('.wxss')) return [...text.matchAll(/@import\s+['"]([^'"]+)['"]/g)].map(([, ref]) => beside(ref))
  return [...text.matchAll(/(?:src=|require\()\s*["']([^"'{]+)["']/g)].map(([, ref]) => beside(ref))
}

function script(at, ref) {
  const choices = ref.startsWith('.') ? [`${at}.js`, `${at}/index.js`, at] : [`miniprogram_npm/${ref}.js`, `miniprogram_npm/${ref}/index.js`]
  return choices.find((choice) => isFile(path.join(SOURCE, choice))) ?? at
}

function write(at, text) {
  const file = path.join(TARGET, at)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}
