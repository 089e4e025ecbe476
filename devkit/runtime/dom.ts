/** What this runtime uses of glass-easel, which has no types for the adapter's inner side. */
export type Loose = any // eslint-disable-line @typescript-eslint/no-explicit-any

export const globals = globalThis as Loose

const rpxToVw = (css: string): string => css.replace(/(-?[\d.]+)rpx\b/g, (_, n: string) => `${Number(n) / 7.5}vw`)

/** Inline styles may hold rpx, which browsers do not know. */
export function translateInlineStyles(): void {
  const original = Element.prototype.setAttribute
  Element.prototype.setAttribute = function (name: string, value: string): void {
    original.call(this, name, name === 'style' && typeof value === 'string' ? rpxToVw(value) : value)
  }
}
