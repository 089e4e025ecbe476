// node check.mjs: everything that can be said about the mini-program without WeChat. Each step runs again only when
// what it looks at has changed; `--all` runs every step.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const MINI = path.join(HERE, '../miniprogram')
const CACHE = path.join(HERE, 'node_modules/.cache/dukou-checks')
const node = (...argv) => [process.execPath, ...argv]
const tsc = path.join(HERE, 'node_modules/typescript/bin/tsc')

const OWN = [MINI, path.join(HERE, 'package-lock.json')]
const KIT = [HERE]
const STEPS = [
  { name: 'tokens', looksAt: [path.join(HERE, '../design'), MINI, path.join(HERE, 'tokens.mjs')], run: node('tokens.mjs', '--check') },
  { name: 'API types', looksAt: [path.join(HERE, '../openapi'), MINI, path.join(HERE, 'types.mjs')], run: node('types.mjs', '--check') },
  { name: 'TDesign', looksAt: [path.join(MINI, 'app.json'), path.join(HERE, 'vendor.mjs'), path.join(HERE, 'package-lock.json')], run: node('vendor.mjs'), makes: path.join(MINI, 'miniprogram_npm') },
  { name: 'types of the mini-program', looksAt: OWN, run: node(tsc, '-p', MINI) },
  { name: 'types of the kit', looksAt: KIT, run: node(tsc, '-p', HERE) },
  { name: 'file rules', looksAt: OWN, run: node('checks/files.mjs') },
  { name: 'WeChat compilers', looksAt: OWN, run: node('checks/compilers.mjs') },
  { name: 'WeChat build and sizes', looksAt: OWN, run: node('checks/official-build.mjs') },
  { name: 'unit tests', looksAt: [...OWN, ...KIT], run: node('test.mjs') },
]

fs.mkdirSync(CACHE, { recursive: true })
for (const step of STEPS) {
  const stamp = path.join(CACHE, step.name.replaceAll(' ', '-'))
  const print = fingerprint(step)
  const made = !step.makes || fs.existsSync(step.makes)
  if (made && !process.argv.includes('--all') && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === print) continue
  const { status, stdout, stderr } = spawnSync(step.run[0], step.run.slice(1), { cwd: HERE, encoding: 'utf8', maxBuffer: 1 << 28 })
  process.stdout.write(status === 0 ? summary(stdout) : stdout + stderr)
  if (status !== 0) {
    console.error(`  mini-program: ${step.name} FAILED`)
    process.exit(1)
  }
  fs.writeFileSync(stamp, print)
}
console.log(`  mini-program: ${STEPS.map((step) => step.name).join(', ')}: fine`)

/** WeChat's build talks a lot; lines for people begin with two spaces. */
function summary(text) {
  return text.split('\n').filter((line) => line.startsWith('  ')).map((line) => `${line}\n`).join('')
}

/** Of the contents of every file that a step looks at, and of the step itself. */
function fingerprint({ looksAt, run }) {
  const hash = createHash('sha256').update(JSON.stringify(run))
  for (const file of looksAt.flatMap(filesOf).sort()) hash.update(path.relative(HERE, file)).update(fs.readFileSync(file))
  return hash.digest('hex')
}

function filesOf(at) {
  if (!fs.existsSync(at)) return []
  if (fs.statSync(at).isFile()) return [at]
  const skipped = ['node_modules', 'miniprogram_npm', 'dist']
  return fs.readdirSync(at).filter((name) => !skipped.includes(name)).flatMap((name) => filesOf(path.join(at, name)))
}
