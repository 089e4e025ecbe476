/** What WeChat draws over a page: toasts, questions, the title; and what it says about the device. */
import { answer, silent } from './answers'
import { setTitle } from '../pages'
import type { Loose } from '../dom'

const SHORT_MS = 1500
const GHOST_CLICK_MS = 300
const matching = (query: string): boolean => window.matchMedia(query).matches

export function showToast(options: Loose): Promise<Loose> {
  const toast = document.getElementById('toast')!
  toast.textContent = options.title
  setTimeout(() => { toast.textContent = '' }, options.duration ?? SHORT_MS)
  return answer(options, { errMsg: 'showToast:ok' })
}

/** WeChat's own limit on the words of a question's buttons: four Chinese characters, or eight letters. */
const tooWide = (text = ''): boolean => [...text].reduce((width, sign) => width + (sign > '\u00ff' ? 2 : 1), 0) > 8

export function showModal(options: Loose): Promise<Loose> {
  const wide = ['confirmText', 'cancelText'].find((name) => tooWide(options[name]))
  if (wide) return Promise.reject({ errMsg: `showModal:fail ${wide} length should not larger than 4 Chinese characters` })
  const dialog = document.getElementById('modal') as HTMLDialogElement
  dialog.querySelector('h2')!.textContent = options.title ?? ''
  dialog.querySelector('p')!.textContent = options.content ?? ''
  const [no, yes] = [...dialog.querySelectorAll('button')]
  no.textContent = options.cancelText ?? '取消'
  no.hidden = options.showCancel === false
  yes.textContent = options.confirmText ?? '确定'
  dialog.returnValue = ''
  // a tap is told when the finger lifts, and the browser's click comes after it: it must not answer the question
  dialog.style.pointerEvents = 'none'
  setTimeout(() => dialog.style.removeProperty('pointer-events'), GHOST_CLICK_MS)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.onclose = () => {
      const confirm = dialog.returnValue === 'ok'
      resolve(answer(options, { errMsg: 'showModal:ok', confirm, cancel: !confirm }))
    }
  })
}

export function setNavigationBarTitle(options: { title: string }): Promise<Loose> {
  setTitle(options.title)
  return silent('setNavigationBarTitle')(options as Loose)
}

export function makePhoneCall(options: { phoneNumber: string }): Promise<Loose> {
  return showToast({ title: `☎ ${options.phoneNumber}` }).then(() => answer(options as Loose, { errMsg: 'makePhoneCall:ok' }))
}

export const device = (): Loose => ({
  windowWidth: innerWidth,
  windowHeight: innerHeight - 44,
  screenWidth: innerWidth,
  screenHeight: innerHeight,
  pixelRatio: devicePixelRatio,
  statusBarHeight: 0,
  SDKVersion: '3.8.0',
  version: '8.0.50',
  platform: 'devtools',
  system: 'iOS 17',
  brand: 'preview',
  model: 'preview',
  language: navigator.language.replace('-', '_'),
  theme: matching('(prefers-color-scheme: dark)') ? 'dark' : 'light',
  fontSizeSetting: 17,
  safeArea: { top: 0, left: 0, right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight },
})

export const capsule = (): Loose => ({ top: 6, left: innerWidth - 95, right: innerWidth - 7, bottom: 38, width: 88, height: 32 })

/** Animations are drawn by the styles alone here. */
export function createAnimation(): Loose {
  const chain: Loose = new Proxy({}, { get: (_, name) => (name === 'export' ? () => ({ actions: [] }) : () => chain) })
  return chain
}
