/** The stack of pages and their life cycle, which the adapter leaves to us. */
import { globals, type Loose } from './dom'

interface Page {
  route: string
  options: Record<string, string>
  root: Loose
  instance: Loose
  element: HTMLElement
  styles: HTMLStyleElement[]
}

interface Known {
  app: Loose
  pages: string[]
  space: Loose
  view: Loose
}

const DEEPEST = 10
const stack: Page[] = []
let known: Known

export function usePages(given: Known): void {
  known = given
  globals.getCurrentPages = () => stack.map(({ instance, route, options }) => Object.assign(instance, { route, options }))
}

export const currentPage = (): Page | undefined => stack[stack.length - 1]
export const depth = (): number => stack.length

/** Open on the first page of app.json, or on the page that the address names, above the first. */
export function openFirst(url: string): void {
  const first = known.pages[0]
  if (!url || url === first) return open(first)
  open(url)
}

function open(url: string): void {
  const [route, query] = url.replace(/^\//, '').split('?')
  if (!known.pages.includes(route)) throw new Error(`page "${route}" is not found`)
  const below = currentPage()
  if (below) {
    call(below, 'onHide')
    show(below, false)
  }
  const page = create(route, Object.fromEntries(new URLSearchParams(query ?? '')))
  stack.push(page)
  page.root.attach(page.element, page.element.firstElementChild)
  scrollTo(0, 0)
  arrived(url) // first: a page may name itself anew in onShow
  call(page, 'onLoad', page.options)
  call(page, 'onShow')
  requestAnimationFrame(() => call(page, 'onReady'))
}

/** All pages share one document: the styles that come with a page are switched with it. */
function create(route: string, options: Record<string, string>): Page {
  const before = new Set(document.head.querySelectorAll('style'))
  const root = known.view.createRoot('wx-page-root', known.space, route)
  const styles = [...document.head.querySelectorAll('style')].filter((style) => !before.has(style))
  const element = document.createElement('wx-page')
  element.setAttribute('role', 'main')
  element.dataset.route = route
  element.appendChild(document.createElement('span'))
  document.body.appendChild(element)
  return { route, options, root, instance: root.get(), element, styles }
}

function close(): void {
  const page = stack.pop()
  if (!page) return
  call(page, 'onUnload')
  page.root.release()
  page.element.remove()
  page.styles.forEach((style) => (style.media = 'not all'))
}

const LIFETIMES: Record<string, string> = { onShow: 'show', onHide: 'hide' }

function call(page: Page, hook: string, ...values: unknown[]): void {
  try {
    if (LIFETIMES[hook]) page.root.getComponent().triggerPageLifetime(LIFETIMES[hook], []) // the components of the page hear of it too
    const answer = page.instance?.[hook]?.apply(page.instance, values)
    if (answer instanceof Promise) answer.catch((error) => console.error(`[mini-program] ${page.route} ${hook}`, error))
  } catch (error) {
    console.error(`[mini-program] ${page.route} ${hook}`, error)
  }
}

function show(page: Page, on: boolean): void {
  page.element.hidden = !on
  page.styles.forEach((style) => (style.media = on ? 'all' : 'not all'))
}

function arrived(url: string): void {
  const page = currentPage()
  if (!page) return
  history.replaceState(null, '', `#/${url.replace(/^\//, '')}`)
  setTitle(known.space.getComponentStaticConfig(page.route)?.navigationBarTitleText ?? known.app.window?.navigationBarTitleText ?? '')
  const back = document.getElementById('back') as HTMLButtonElement
  back.hidden = stack.length < 2
  back.onclick = () => navigateBack({})
}

export function setTitle(text: string): void {
  document.getElementById('title')!.textContent = text
  document.title = text
}

const refuse = (api: string, reason: string): string => `${api}:fail ${reason}`

/** Each answers an errMsg, as WeChat does. */
export function navigateTo({ url }: { url: string }): string {
  if (stack.length >= DEEPEST) return refuse('navigateTo', 'webview count limit exceed')
  return attempt('navigateTo', () => open(url))
}

export const redirectTo = ({ url }: { url: string }): string => attempt('redirectTo', () => { close(); open(url) })

export const reLaunch = ({ url }: { url: string }): string =>
  attempt('reLaunch', () => { while (stack.length) close(); open(url) })

export function navigateBack({ delta = 1 }: { delta?: number }): string {
  for (let left = Math.min(delta, stack.length - 1); left > 0; left--) close()
  const page = currentPage()
  if (!page) return refuse('navigateBack', 'cannot navigate back at first page')
  show(page, true)
  const query = new URLSearchParams(page.options).toString()
  arrived(query ? `${page.route}?${query}` : page.route)
  call(page, 'onShow')
  return 'navigateBack:ok'
}

function attempt(api: string, work: () => void): string {
  try {
    work()
    return `${api}:ok`
  } catch (error) {
    console.error(`[mini-program] ${api}`, error)
    return refuse(api, (error as Error).message)
  }
}

addEventListener('visibilitychange', () => {
  const page = currentPage()
  if (page) call(page, document.hidden ? 'onHide' : 'onShow')
})
