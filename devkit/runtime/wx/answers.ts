/** How a `wx` function answers: by its callbacks if it has any, else by a promise. */
import type { Loose } from '../dom'

interface Callbacks {
  success?(result: Loose): void
  fail?(result: Loose): void
  complete?(result: Loose): void
}

export function answer(options: Callbacks | undefined, result: { errMsg: string } & Record<string, Loose>): Promise<Loose> {
  const good = / ?:ok$/.test(result.errMsg)
  if (options?.success || options?.fail || options?.complete) {
    queueMicrotask(() => {
      if (good) options.success?.(result)
      else options.fail?.(result)
      options.complete?.(result)
    })
    return Promise.resolve(result)
  }
  return good ? Promise.resolve(result) : Promise.reject(result)
}

/** A function that does nothing but say that it went well. */
export const silent = (name: string) => (options?: Callbacks) => answer(options, { errMsg: `${name}:ok` })
