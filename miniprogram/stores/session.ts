/** The signed-in session of this phone. */
interface Kept {
  token: string
  expiresAt: string
  complete: boolean
}

const KEY = 'session'
let kept: Kept | null | undefined

function current(): Kept | null {
  kept ??= (wx.getStorageSync(KEY) as Kept | '') || null
  if (kept && Date.parse(kept.expiresAt) <= Date.now()) end()
  return kept
}

function begin(token: string, expiresAt: string, complete: boolean): void {
  kept = { token, expiresAt, complete }
  wx.setStorageSync(KEY, kept)
}

function end(): void {
  kept = null
  wx.removeStorageSync(KEY)
}

/** `complete` is false while WeChat's user is known but the phone number is still missing. */
export const session = {
  begin,
  end,
  token: (): string => current()?.token ?? '',
  signedIn: (): boolean => current()?.complete === true,
}
