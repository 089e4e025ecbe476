// node serve.mjs --port 8390 --api <bank> --sandbox <sandbox>: the built preview with both behind one address.
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const DIST = path.join(path.dirname(fileURLToPath(import.meta.url)), 'dist')
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' }
const BANK_PATHS = /^\/preview\/bank(\/(?:customer|public)\/v1\/.*)$/
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8390' },
    api: { type: 'string', default: 'http://127.0.0.1:8000' },
    sandbox: { type: 'string', default: 'http://127.0.0.1:8001' },
  },
})

const server = http.createServer((asked, answer) => {
  const url = new URL(asked.url, 'http://localhost')
  const bank = BANK_PATHS.exec(url.pathname)
  if (bank) return forward(asked, answer, values.api, bank[1] + url.search)
  if (url.pathname.startsWith('/sandbox/api/')) return forward(asked, answer, values.sandbox, url.pathname + url.search)
  if (url.pathname === '/' || url.pathname === '/preview') return answer.writeHead(302, { location: '/preview/' }).end()
  return file(answer, url.pathname.replace(/^\/preview\//, '') || 'index.html')
})

function forward(asked, answer, base, target) {
  const { host: _, connection: __, origin: ___, ...headers } = asked.headers
  const passed = http.request(new URL(target, base), { method: asked.method, headers }, (got) => {
    answer.writeHead(got.statusCode, got.headers)
    got.pipe(answer)
  })
  passed.on('error', () => answer.writeHead(502).end())
  asked.pipe(passed)
}

function file(answer, name) {
  const found = path.join(DIST, path.normalize(`/${name}`))
  if (!fs.existsSync(found) || !fs.statSync(found).isFile()) return answer.writeHead(404).end()
  answer.writeHead(200, { 'content-type': TYPES[path.extname(found)] ?? 'application/octet-stream', 'cache-control': 'no-cache' })
  return fs.createReadStream(found).pipe(answer)
}

server.listen(Number(values.port), '127.0.0.1', () => console.log(`  preview: http://127.0.0.1:${values.port}/preview/`))
