// One browser bundle of a mini-program: the runtime, every template, style and script, nothing changed in the sources.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { isFile } from './project.mjs'
import { compileStyles } from './styles.mjs'
import { compileTemplates } from './templates.mjs'

const DEVKIT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Write `app.js` into `out`; answers the template compiler's warnings. */
export async function bundle(project, out) {
  const templates = compileTemplates(project)
  await esbuild.build({
    stdin: { contents: entry(project, templates.code), resolveDir: DEVKIT, loader: 'js' },
    bundle: true,
    outfile: path.join(out, 'app.js'),
    format: 'iife',
    target: 'es2020',
    minify: true,
    logLevel: 'warning',
    loader: { '.svg': 'text' },
    plugins: [packages(project.root)],
  })
  return templates.warnings
}

function entry(project, templates) {
  const units = [...project.units.values()].map((unit) => {
    const config = { ...unit.config, usingComponents: absolute(unit.uses) }
    return `register(${JSON.stringify({ at: unit.at, config, scope: unit.scope })}, () => require(${JSON.stringify(script(unit.file))}))`
  })
  return `
    const { install, register, start } = require(${JSON.stringify(path.join(DEVKIT, 'runtime/index.ts'))})
    install(${JSON.stringify({ app: project.app, pages: project.pages })}, ${templates}, ${JSON.stringify(compileStyles(project))})
    require(${JSON.stringify(script(path.join(project.root, 'app')))})
    ${units.join('\n')}
    start()`
}

const absolute = (uses) => Object.fromEntries(Object.entries(uses).map(([tag, at]) => [tag, `/${at}`]))
const script = (file) => (isFile(`${file}.ts`) ? `${file}.ts` : `${file}.js`)

/** Bare imports look into the nearest miniprogram_npm, as WeChat does. */
function packages(root) {
  return {
    name: 'miniprogram-npm',
    setup(build) {
      build.onResolve({ filter: /^[a-z@]/ }, ({ path: name, importer }) => {
        if (!importer.startsWith(root)) return undefined
        for (let folder = path.dirname(importer); folder.startsWith(root); folder = path.dirname(folder)) {
          const base = path.join(folder, 'miniprogram_npm', name)
          const found = [`${base}.js`, path.join(base, 'index.js')].find(isFile)
          if (found) return { path: found }
        }
        return undefined
      })
    },
  }
}
