// What is generated is committed; `--check` says when it no longer matches its source.
import fs from 'node:fs'
import path from 'node:path'

export function writeOrCheck(file, content) {
  const kept = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
  if (kept === content) return
  if (process.argv.includes('--check')) {
    console.error(`${path.relative(process.cwd(), file)} does not match its source: write it anew with ${path.basename(process.argv[1])}`)
    process.exitCode = 1
    return
  }
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
}
