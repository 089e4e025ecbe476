/** The bank's own lines, read once a start. Pages work without them: a page must not fail because its foot is missing. */
import * as api from '../api/calls'
import type { Bank } from '../api/types'
import type { Locale } from './settings'

let known: Promise<Bank | null> | undefined

export async function bankProfile(): Promise<Bank | null> {
  known ??= api.bank().catch(() => null)
  const bank = await known
  if (!bank) known = undefined
  return bank
}

/** What the home page is called; empty while the bank's lines are not known. */
export async function bankName(locale: Locale): Promise<string> {
  const bank = await bankProfile()
  return (locale === 'en' ? bank?.english_name : bank?.short_name) ?? ''
}

export async function callBank(): Promise<void> {
  const bank = await bankProfile()
  if (bank) await wx.makePhoneCall({ phoneNumber: bank.service_phone })
}
