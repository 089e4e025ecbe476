/** The choice within a product before there is an approval; pure. */
import type { Product } from '../api/types'

export const productFor = (products: Product[], amountFen: number): Product | null =>
  products.find((one) => one.min_fen <= amountFen && amountFen <= one.max_fen) ?? null

const USUAL_MONTHS = 12

/** What was chosen before, where the product still has it; else a year and the product's first way of repaying. */
export function chosenTerms({ terms_months: terms, methods }: Product, before: { termMonths: number; method: string }): { termMonths: number; method: string } {
  const usual = terms.includes(USUAL_MONTHS) ? USUAL_MONTHS : terms[terms.length - 1]
  return {
    termMonths: terms.includes(before.termMonths) ? before.termMonths : usual,
    method: methods.includes(before.method) ? before.method : methods[0],
  }
}

/**
 * At most this much a month, in fen and rounded up to a whole yuan: equal instalments at the highest rate (annuity
 * formula, months of equal length). A picture of the order of size before the decision; the cost sheet has the sums.
 */
export function mostEachMonth(amountFen: number, highestAnnualRate: string | number, months: number): number {
  const rate = Number(highestAnnualRate) / 12
  const fen = rate === 0 ? amountFen / months : (amountFen * rate) / (1 - (1 + rate) ** -months)
  return Math.ceil(fen / 100) * 100
}
