// node types.mjs [--check]: the types of the bank's API from its OpenAPI documents, into miniprogram/api.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import openapi, { astToString } from 'openapi-typescript'
import { writeOrCheck } from './drift.mjs'

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')

for (const name of ['customer', 'public']) {
  const document = JSON.parse(fs.readFileSync(path.join(ROOT, `openapi/${name}.json`), 'utf8'))
  const types = astToString(await openapi(document))
  writeOrCheck(path.join(ROOT, `miniprogram/api/${name}.d.ts`), `// Made from openapi/${name}.json by \`npm run types\` in devkit/.\n${types}`)
}
