/** Amounts and rates as people read them. Amounts are whole fen; rates arrive as decimal text and stay exact. */

/** 860664 → "8,606.64"; the minus is U+2212. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${fen < 0 ? '\u2212' : ''}${whole}.${digits.slice(-2)}`
}

/** What somebody typed as yuan: "20,000.5" → 2000050; null when it is no amount to the fen. */
export function fenOf(typed: string): number | null {
  const [, whole, cents = ''] = /^(\d{1,9})(?:\.(\d{0,2}))?$/.exec(typed.replace(/[,，\s]/g, '')) ?? []
  return whole === undefined ? null : Number(whole) * 100 + Number(cents.padEnd(2, '0'))
}

/** "0.072" → "7.20%": two decimals, half up, by digits so that no rate is ever a float. */
export function percent(decimal: string | number): string {
  const rate = String(decimal)
  const [whole, fraction = ''] = rate.replace(/^[-+]/, '').split('.')
  const digits = fraction.padEnd(5, '0')
  const hundredths = Number(whole + digits.slice(0, 4)) + (digits[4] >= '5' ? 1 : 0)
  return `${rate.startsWith('-') ? '\u2212' : ''}${yuan(hundredths)}%`
}

export const sum = (amounts: number[]): number => amounts.reduce((total, one) => total + one, 0)
