/** Storage of the mini-program, kept apart for each persona. */
import { answer } from './answers'
import { persona } from './identity'
import type { Loose } from '../dom'

const PREFIX = `mini-program:${persona}:`

export const setStorageSync = (key: string, value: Loose): void => localStorage.setItem(PREFIX + key, JSON.stringify(value))

export function getStorageSync(key: string): Loose {
  const kept = localStorage.getItem(PREFIX + key)
  return kept === null ? '' : JSON.parse(kept)
}

export const removeStorageSync = (key: string): void => localStorage.removeItem(PREFIX + key)

export function clearStorageSync(): void {
  Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key))
}

export const setStorage = (options: Loose): Promise<Loose> => {
  setStorageSync(options.key, options.data)
  return answer(options, { errMsg: 'setStorage:ok' })
}
