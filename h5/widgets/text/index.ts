// Words in the reader's language, money, rates and dates as the design writes them.
import { ref } from 'vue';
import { type Key, zh } from './zh-CN';

export type { Key };
export type Locale = 'zh-CN' | 'zh-HK' | 'en';
type Words = { zh: string; en: string };

export const locale = ref<Locale>('zh-CN');
const tables: Partial<Record<Locale, Partial<Record<Key, string>>>> = { 'zh-CN': zh };
/** The later screens bring their words along. */
export const learn = (words: Partial<Record<Key, string>>) => { tables['zh-CN'] = { ...tables['zh-CN'], ...words }; };

/** Switch the language of everything that is shown; what the texts of the API say follows too. */
export async function speak(wanted: string): Promise<void> {
  const next: Locale = /^en/i.test(wanted) ? 'en' : /^zh-(HK|MO|TW|Hant)/i.test(wanted) ? 'zh-HK' : 'zh-CN';
  if (next !== 'zh-CN') tables[next] ??= next === 'en' ? (await import('./en')).en : (await import('./zh-HK')).zhHK;
  locale.value = next;
  document.documentElement.lang = next;
}

export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = tables[locale.value]?.[key] ?? tables['zh-CN']![key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A sentence that the API gave in both languages. */
export const said = (words: Words | null | undefined) => (words ? words[locale.value === 'en' ? 'en' : 'zh'] : '');

/** 1299900 → 12,999.00 */
export function yuan(fen: number): string {
  const whole = Math.floor(Math.abs(fen) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0 ? '\u2212' : ''}${whole}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
}
/** "0.072" → 7.20% */
export const percent = (rate: string | number) => `${(Number(rate) * 100).toFixed(2)}%`;
export const clockTime = (instant: string) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant));
