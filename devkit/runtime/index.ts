/** Runs the compiled mini-program: WeChat's component framework on the browser's DOM, with `wx` played by the sandbox. */
import * as adapter from 'glass-easel-miniprogram-adapter'
import { BUILT_IN } from '../build/tags.mjs'
import { defineBuiltIns } from './builtins'
import { globals, translateInlineStyles, type Loose } from './dom'
import { withTouches } from './events'
import { currentPage, openFirst, usePages } from './pages'
import { wx } from './wx'

interface Unit {
  at: string
  config: Loose
  scope?: string
}

const easel: Loose = (adapter as Loose).glassEasel
let space: Loose
let templates: Loose
let app: Loose = {}

export function install(meta: { app: Loose; pages: string[] }, compiled: Loose, styles: Record<string, string>): void {
  templates = compiled
  translateInlineStyles()
  easel.globalOptions.throwGlobalError = false
  easel.addGlobalWarningListener(report)
  const environment: Loose = new adapter.MiniProgramEnv()
  const view: Loose = environment.associateBackend(backend())
  space = environment.createCodeSpace('', true)
  defineBuiltIns(environment.getGlobalCodeSpace().getComponentSpace(), space.getComponentSpace())
  for (const [name, css] of Object.entries(styles)) view.registerStyleSheetContent(name, css)
  space.addStyleSheet('app', 'app')
  usePages({ ...meta, space, view })
  Object.assign(globals, {
    wx,
    getRegExp: (pattern: string, flags?: string) => new RegExp(pattern, flags), // WXS has these instead of RegExp and Date
    getDate: (...parts: []) => new Date(...parts),
    App: (definition: Loose) => { app = definition },
    getApp: () => app,
    __wxConfig: {},
  })
}

const said = new Set<string>()

/** TDesign sets properties that only WeChat's own components know, and repeats views by a number; no fault of ours. */
const TDESIGN = /is not a valid property|number as for-list|keys are not unique while list updates: ""\.$|"ariaLabel" received/

/** Each once. */
function report(warning: Loose): boolean {
  const text = String(warning?.message ?? warning)
  if (!said.has(text) && !TDESIGN.test(text)) console.warn('[mini-program]', text)
  said.add(text)
  return false
}

/** glass-easel names an element after its tag; `wx-` keeps <button> and <input> from being the browser's own. */
function backend(): Loose {
  const made: Loose = new easel.CurrentWindowBackendContext()
  const builtIn = new Set<string>(BUILT_IN)
  made.document = {
    createElement: (tag: string) => document.createElement(builtIn.has(tag) ? `wx-${tag}` : tag),
    createTextNode: (text: string) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  }
  made.onEvent((target: Loose, type: string, detail: Loose, options: Loose) => easel.triggerEvent(target, type, detail, withTouches(options)))
  return made
}

export function register(unit: Unit, run: () => void): void {
  space.addComponentStaticConfig(unit.at, unit.config)
  space.addCompiledTemplate(unit.at, { groupList: templates, content: templates[unit.at] })
  space.addStyleSheet(unit.at, unit.at, unit.scope)
  space.globalComponentEnv(globals, unit.at, () => {
    for (const name of ['Component', 'Behavior', 'Page']) {
      const original = globals[name]
      globals[name] = (definition: Loose) => original(withKnownBehaviors(definition))
    }
    run()
  })
}

const known = new Map<string, Loose>()

/** Behaviours that WeChat names by a string become registered ones. */
function withKnownBehaviors(definition: Loose): Loose {
  const behaviors = (definition?.behaviors ?? []).map((one: Loose) => {
    if (typeof one !== 'string') return one
    if (!known.has(one)) {
      const properties = one === 'wx://form-field' ? { name: String, value: null } : {}
      known.set(one, space.behavior().definition({ properties }).register())
    }
    return known.get(one)
  })
  return definition?.behaviors ? Object.assign(definition, { behaviors }) : definition
}

export function start(): void {
  app.onLaunch?.({ path: '', query: {}, scene: 1001 })
  app.onShow?.({})
  openFirst(location.hash.replace(/^#\/?/, ''))
  addEventListener('error', (event) => console.error('[mini-program]', currentPage()?.route, event.message))
}
