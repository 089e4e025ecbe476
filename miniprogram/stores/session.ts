/** The signed-in session of this phone. Its end is the bank's word: the client then signs in anew. */
import type { SignedIn } from '../api/types'

interface Kept {
  token: string
  complete: boolean
}

const KEY = 'session'
let kept: Kept | null | undefined

const current = (): Kept | null => (kept ??= (wx.getStorageSync(KEY) as Kept | '') || null)

function begin({ token, phone_needed }: SignedIn): void {
  kept = { token, complete: !phone_needed }
  wx.setStorageSync(KEY, kept)
}

/** The same session under the token that the bank has put in the place of the old one. */
function renew(token: string): void {
  kept = { token, complete: true }
  wx.setStorageSync(KEY, kept)
}

function end(): void {
  kept = null
  wx.removeStorageSync(KEY)
}

/** `complete` is false while WeChat's user is known but the phone number is still missing. */
export const session = {
  begin,
  renew,
  end,
  token: (): string => current()?.token ?? '',
  signedIn: (): boolean => current()?.complete === true,
}
