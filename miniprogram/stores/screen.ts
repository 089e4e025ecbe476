/** What every page does alike: language, text size, title, and the states of reading from the bank. */
import { ApiProblem } from '../api/client'
import { chinaTime } from '../domain/dates'
import { textsOf, type Texts } from '../texts/index'
import { bankProfile, brandStyle } from './bank'
import { session } from './session'
import { settings, type Locale } from './settings'

export interface PageState {
  status: 'loading' | 'ready' | 'error' | 'empty'
  title: string
  text: string
  requestNumber: string
  action: string
}

export interface Dressed {
  t: object
  common: object
  root: string
  brand: string
  state: PageState
  stale: string
}

interface Screen {
  data: Dressed
  setData(data: Partial<Dressed>): void
}

export const LOADING: PageState = { status: 'loading', title: '', text: '', requestNumber: '', action: '' }
export const READY: PageState = { ...LOADING, status: 'ready' }

/** The start of every page's data. */
export const undressed = (): Dressed => ({ t: {}, common: {}, root: '16px', brand: '', state: LOADING, stale: '' })

/** Put language, text size and the bank's colour on; call it in onShow: settings change while a page is below another. */
export function dress(screen: Screen, name: Exclude<keyof Texts, 'common' | 'method' | 'problems' | 'debit' | 'remind'>): { texts: Texts; locale: Locale } {
  const locale = settings.locale()
  const texts = textsOf(locale)
  screen.setData({ t: plain(texts[name]), common: plain(texts.common), root: settings.rootFontSize(), brand: brandStyle() })
  void wx.setNavigationBarTitle({ title: texts[name].title })
  void recolour(screen)
  return { texts, locale }
}

/** The first start knows no colour yet, and a bank may change its own. */
async function recolour(screen: Screen): Promise<void> {
  await bankProfile()
  const brand = brandStyle()
  if (brand !== screen.data.brand) screen.setData({ brand })
}

/** Pages get words only; sentences with figures in them are made before. */
const plain = (group: object): object => Object.fromEntries(Object.entries(group).filter(([, value]) => typeof value !== 'function'))

/** Run `work`; a page that shows something keeps it when the network is gone, another one says what happened. */
export async function load(screen: Screen, texts: Texts, work: () => Promise<PageState | void>): Promise<void> {
  const shown = screen.data.state.status === 'ready'
  if (!shown) screen.setData({ state: { ...LOADING, text: texts.common.loading } })
  try {
    screen.setData({ state: (await work()) ?? READY, stale: '' })
  } catch (problem) {
    if (signedOut(problem)) return signInAgain(texts, problem)
    if (shown && problem instanceof ApiProblem && problem.kind === 'offline') return screen.setData({ stale: texts.common.stale })
    screen.setData({ state: problemState(problem, texts) })
  }
}

/** The session has ended and could not be begun anew without the person. */
export const signedOut = (problem: unknown): boolean =>
  problem instanceof ApiProblem && problem.status === 401 && problem.code.startsWith('auth.') && !session.signedIn()

/** A session that was ended by the person, elsewhere, says so before anything else is done. */
export async function signInAgain({ common }: Texts, problem: unknown): Promise<void> {
  const why = problem instanceof ApiProblem ? common.endedWhy[String(problem.context.why)] : undefined
  if (why) await wx.showModal({ title: common.endedTitle, content: why, showCancel: false, confirmText: common.signInAgain })
  else void wx.showToast({ title: common.signedOut, icon: 'none' })
  void wx.reLaunch({ url: why ? '/pages/sign-in/sign-in' : '/pages/home/home' })
}

/** What happened, is anything lost, what to do, and the number to tell the bank. */
export function problemState(problem: unknown, texts: Texts): PageState {
  if (!(problem instanceof ApiProblem)) throw problem
  const { common } = texts
  const [title, text] = wordsFor(problem, texts)
  const requestNumber = problem.requestId ? common.requestNumber(problem.requestId) : ''
  return { status: 'error', title, text, requestNumber, action: common.retry }
}

/** The same in one line, sentence after sentence; a number at the end has no stop. */
export function inOneLine(title: string, text: string, requestNumber: string): string {
  const [stop, gap] = settings.locale() === 'en' ? ['.', ' '] : ['。', '']
  const sentences = [title, text].filter(Boolean).map((said) => (/[。.？?]$/.test(said) ? said : `${said}${stop}`))
  return [...sentences, requestNumber].filter(Boolean).join(gap)
}

function wordsFor(problem: ApiProblem, { common, problems }: Texts): [string, string] {
  const told = problems[problem.code]
  if (told) return [told.title, told.text.replace('{until}', problem.context.until ? chinaTime(String(problem.context.until)) : '')]
  if (problem.kind === 'offline') return [common.offlineTitle, common.offlineText]
  if (problem.kind === 'down') return [common.downTitle, common.downText]
  if (problem.status === 404) return [common.goneTitle, common.goneText]
  return [common.refusedTitle, problem.code]
}
