/** The texts of a language, and texts that the bank sends in both. */
import type { Words } from '../api/types'
import type { Locale } from '../stores/settings'
import { en } from './en'
import { zh, type Texts } from './zh-CN'

export type { Texts }

export const textsOf = (locale: Locale): Texts => (locale === 'en' ? en : zh)
export const wordsOf = (words: Words, locale: Locale): string => (locale === 'en' ? words.en : words.zh)
