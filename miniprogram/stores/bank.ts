/** The bank's name, lines and colour: kept on the phone, read anew once a start. Pages work without them. */
import * as api from '../api/calls'
import type { Bank } from '../api/types'
import { API_ORIGIN } from '../deployment'
import type { Locale } from './settings'

const KEY = 'bank'

let kept: Bank | null | undefined
let reading: Promise<Bank | null> | undefined

const last = (): Bank | null => (kept ??= (wx.getStorageSync(KEY) as Bank | '') || null)

/** What the bank says of itself today; what it said last time when it cannot be reached. */
export async function bankProfile(): Promise<Bank | null> {
  reading ??= api.bank().then(keep, () => null)
  const bank = await reading
  if (!bank) reading = undefined
  return bank ?? last()
}

function keep(bank: Bank): Bank {
  kept = bank
  wx.setStorageSync(KEY, bank)
  return bank
}

/** For <page-meta page-style>: the steps of the bank's colour by day and by night, which tokens.wxss reads. */
export function brandStyle(): string {
  const steps = last()?.brand_steps
  if (!steps) return ''
  const named = (time: 'day' | 'night'): string[] => steps[time].map((color, index) => `--dk-${time}-${index + 1}:${color}`)
  return [...named('day'), ...named('night')].join(';')
}

export const markUrl = ({ mark }: Bank): string => API_ORIGIN + mark

/** What the home page is called; empty while the bank's lines are not known. */
export async function bankName(locale: Locale): Promise<string> {
  const bank = await bankProfile()
  return (locale === 'en' ? bank?.english_name : bank?.short_name) ?? ''
}

export async function callBank(): Promise<void> {
  const bank = await bankProfile()
  if (bank) await wx.makePhoneCall({ phoneNumber: bank.service_phone })
}
