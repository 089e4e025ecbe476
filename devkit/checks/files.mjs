// House rules for the mini-program's files: short pages, one component a folder, nothing fetched from elsewhere.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const MINI = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../miniprogram')
const MOST_LINES = 250
const MOST_CLIENT_LINES = 100
const WRITTEN_HERE = /\.(ts|wxml|wxss)$/
const GENERATED = /^(miniprogram_npm\/|api\/(customer|public)\.d\.ts$|tokens\.wxss$)/
const TEXTS = /^texts\//

const problems = []
for (const name of fs.readdirSync(MINI, { recursive: true })) {
  if (!WRITTEN_HERE.test(name) || GENERATED.test(name)) continue
  const text = fs.readFileSync(path.join(MINI, name), 'utf8')
  const lines = text.split('\n').length - 1
  const most = name === 'api/client.ts' ? MOST_CLIENT_LINES : TEXTS.test(name) ? Infinity : MOST_LINES
  if (lines > most) problems.push(`${name}: ${lines} lines, ${most} are allowed`)
  if (!TEXTS.test(name) && /[\u4e00-\u9fff]/.test(withoutComments(text)) && !allowedChinese(name)) problems.push(`${name}: texts belong into texts/`)
  if (/url\(["']?https?:/.test(text)) problems.push(`${name}: loads something from another host`)
}
for (const folder of fs.readdirSync(path.join(MINI, 'components'))) {
  const odd = fs.readdirSync(path.join(MINI, 'components', folder)).filter((file) => !file.startsWith(`${folder}.`))
  if (odd.length) problems.push(`components/${folder}: one component a folder, found ${odd.join(', ')}`)
}
problems.forEach((problem) => console.error(problem))
process.exitCode = problems.length ? 1 : 0

function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|<!--[\s\S]*?-->/gm, '')
}

/** The name of a language stands in that language; dates in Chinese are made by rule. */
function allowedChinese(name) {
  return name === 'pages/settings/settings.wxml' || name === 'domain/dates.ts'
}
