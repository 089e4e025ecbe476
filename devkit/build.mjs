// node build.mjs [mini-program folder] [dist]: makes the browser preview of an unmodified mini-program.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { bundle } from './build/bundle.mjs'
import { readProject } from './build/project.mjs'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(process.argv[2] ?? path.join(HERE, '../miniprogram'))
const out = path.resolve(process.argv[3] ?? path.join(HERE, 'dist'))

const project = readProject(root)
fs.rmSync(out, { recursive: true, force: true })
fs.mkdirSync(out, { recursive: true })
const warnings = await bundle(project, out)
fs.cpSync(path.join(root, 'icons'), path.join(out, 'icons'), { recursive: true })
for (const file of ['index.html', 'frame.css', 'phone.html', 'phone.css']) {
  fs.copyFileSync(path.join(HERE, 'preview', file), path.join(out, file))
}
fs.copyFileSync(path.join(HERE, '../design/tokens.css'), path.join(out, 'tokens.css'))
fs.copyFileSync(path.join(HERE, '../design/logo.svg'), path.join(out, 'logo.svg'))
await esbuild.build({
  entryPoints: [path.join(HERE, 'preview/frame.ts')],
  outfile: path.join(out, 'frame.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  logLevel: 'warning',
})

warnings.forEach((one) => console.error(one))
console.log(`  preview: ${project.pages.length} pages, ${project.units.size} pages and components, app.js ${Math.round(fs.statSync(path.join(out, 'app.js')).size / 1024)} kB`)
if (warnings.length) process.exit(1)
