// WeChat's official build without WeChat: a throw-away key and given project attributes, no network. Then the sizes.
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ci from 'miniprogram-ci'
import { readJson } from '../build/project.mjs'

const MINI = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../miniprogram')
const MOST_BYTES = 1 << 20
ci.proxy('http://127.0.0.1:9') // nobody listens there: whatever asks WeChat's servers fails at once
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'mini-program-'))

try {
  const sizes = sizesOf(await compile())
  console.log(`  packages: ${[...sizes].map(([name, bytes]) => `${name} ${Math.ceil(bytes / 1024)} kB`).join(', ')}`)
  const over = [...sizes].filter(([, bytes]) => bytes > MOST_BYTES)
  if (over.length) throw new Error(`over 1 MB: ${over.map(([name]) => name)}`)
} catch (error) {
  console.error(error.message ?? error)
  process.exitCode = 1
} finally {
  fs.rmSync(scratch, { recursive: true, force: true })
}
process.exit() // the build leaves workers behind

function compile() {
  const key = path.join(scratch, 'key.pem')
  const { privateKey } = crypto.generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  fs.writeFileSync(key, privateKey)
  const project = new ci.Project({ appid: 'wx0000000000000000', type: 'miniProgram', projectPath: MINI, privateKeyPath: key, ignores: [] })
  const attributes = structuredClone(ci.DefaultProjectAttr)
  project.attr = async () => attributes // the only call that would ask WeChat's servers
  project.attrSync = () => attributes
  const setting = { es6: true, minify: true, useCompilerPlugins: ['typescript'] }
  return ci.getCompiledResult({ project, version: '1.0.0', setting, onProgressUpdate: () => undefined }, path.join(scratch, 'build.zip'))
}

/** Bytes by package: `main`, and each subpackage by its root. */
function sizesOf(compiled) {
  const roots = (readJson(path.join(MINI, 'app.json')).subPackages ?? []).map((part) => part.root)
  const sizes = new Map([['main', 0], ...roots.map((root) => [root, 0])])
  for (const [file, content] of Object.entries(compiled)) {
    const root = roots.find((one) => file.startsWith(`${one}/`)) ?? 'main'
    sizes.set(root, sizes.get(root) + Buffer.byteLength(content ?? ''))
  }
  return sizes
}
