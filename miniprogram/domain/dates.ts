/** Business days are dates in China ("2026-12-15"); instants arrive in UTC and are shown in China. */
import type { Locale } from '../stores/settings'

const DAY_MS = 86_400_000
const CHINA_AHEAD_MS = 8 * 3_600_000
const WEEKDAYS = { 'zh-CN': ['日', '一', '二', '三', '四', '五', '六'], en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] }
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export const today = (now = Date.now()): string => new Date(now + CHINA_AHEAD_MS).toISOString().slice(0, 10)

/** Whole days from one date to another; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)

/** "2026-12-15" → 12 月 15 日（周二） or Tue 15 Dec, for sentences. */
export function dayInWords(date: string, locale: Locale): string {
  const [, month, day] = date.split('-').map(Number)
  const weekday = WEEKDAYS[locale][new Date(Date.parse(date)).getUTCDay()]
  return locale === 'en' ? `${weekday} ${day} ${MONTHS[month - 1]}` : `${month} 月 ${day} 日（周${weekday}）`
}

/** An instant as "2026-12-15 18:04" on a clock in China. */
export const chinaTime = (instant: string): string =>
  new Date(Date.parse(instant) + CHINA_AHEAD_MS).toISOString().slice(0, 16).replace('T', ' ')
