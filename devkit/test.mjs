// node test.mjs: the mini-program's pure functions, compiled and run by Node's own test runner.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const OUT = path.join(HERE, 'node_modules/.cache/dukou-tests')
const tests = fs.readdirSync(path.join(HERE, 'tests')).filter((name) => name.endsWith('.test.ts'))

fs.rmSync(OUT, { recursive: true, force: true })
await esbuild.build({
  entryPoints: tests.map((name) => path.join(HERE, 'tests', name)),
  outdir: OUT,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node18',
  logLevel: 'warning',
})
const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', ...tests.map((name) => path.join(OUT, name.replace('.ts', '.mjs')))], { encoding: 'utf8' })
if (status !== 0) console.error(stdout + stderr)
console.log(`  unit tests of the mini-program: ${/# pass (\d+)/.exec(stdout)?.[1]} passed`)
process.exitCode = status ?? 1
