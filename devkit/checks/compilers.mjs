// WeChat's own template and style compilers over every file of ours: broken expressions, unclosed tags, broken styles.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const MINI = path.join(HERE, '../../miniprogram')
const BINARIES = path.join(HERE, '../node_modules/miniprogram-compiler/bin')

if (os.platform() !== 'linux' || os.arch() !== 'x64') {
  console.log('  SKIPPED: WeChat’s compilers exist for Linux on x64 only')
  process.exit(0)
}
const files = fs.readdirSync(MINI, { recursive: true }).filter((name) => !name.startsWith('miniprogram_npm'))
run('wcc', ['-d', ...files.filter((name) => name.endsWith('.wxml'))])
run('wcsc', ['-lc', ...files.filter((name) => name.endsWith('.wxss'))])

function run(name, argv) {
  const binary = fs.readdirSync(BINARIES, { recursive: true }).map((file) => path.join(BINARIES, file)).find((file) => path.basename(file) === name && /linux/.test(file))
  fs.chmodSync(binary, 0o755)
  try {
    execFileSync(binary, argv, { cwd: MINI, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 })
  } catch (error) {
    console.error(String(error.stderr || error.message).slice(0, 3000))
    process.exit(1)
  }
}
