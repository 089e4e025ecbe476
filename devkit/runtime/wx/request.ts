/** wx.request: WeChat would go to the bank's domain; here every call goes to the bank behind this page. */
import { globals, type Loose } from '../dom'

const BANK = new URL('bank/', new URL('.', location.href))

/** Where a call to the bank's own domain goes here. */
export function bankUrl(address: string): URL {
  const asked = new URL(address)
  return new URL(BANK.pathname.replace(/\/$/, '') + asked.pathname + asked.search, location.origin)
}

export function request(options: Loose): { abort(): void } {
  const method = (options.method ?? 'GET').toUpperCase()
  const url = bankUrl(options.url)
  const control = new AbortController()
  const timer = setTimeout(() => control.abort('timeout'), options.timeout ?? 60_000)
  const init: RequestInit = { method, signal: control.signal, headers: { 'Content-Type': 'application/json', ...options.header } }
  if (method === 'GET') Object.entries(options.data ?? {}).forEach(([name, value]) => url.searchParams.set(name, String(value)))
  else if (options.data !== undefined) init.body = typeof options.data === 'string' ? options.data : JSON.stringify(options.data)
  send(url, init)
    .then((result) => { options.success?.(result); options.complete?.(result) })
    .catch((error) => {
      const result = { errMsg: `request:fail ${control.signal.aborted ? control.signal.reason : (error as Error).message}`, errno: 600000 }
      options.fail?.(result)
      options.complete?.(result)
    })
    .finally(() => clearTimeout(timer))
  return { abort: () => control.abort('abort') }
}

async function send(url: URL, init: RequestInit): Promise<Loose> {
  const response = await fetch(url, init)
  const text = await response.text()
  let data: Loose = text
  try {
    data = JSON.parse(text)
  } catch {
    // not JSON: WeChat hands the text over as it is
  }
  return { data, statusCode: response.status, header: Object.fromEntries(response.headers), errMsg: 'request:ok' }
}

const watchers = new Set<(state: { isConnected: boolean; networkType: string }) => void>()
export const onNetworkStatusChange = (watcher: Loose): void => { watchers.add(watcher) }
export const offNetworkStatusChange = (watcher: Loose): void => { watchers.delete(watcher) }

for (const name of ['online', 'offline']) {
  globals.addEventListener(name, () => {
    const isConnected = name === 'online'
    watchers.forEach((watcher) => watcher({ isConnected, networkType: isConnected ? 'wifi' : 'none' }))
  })
}
