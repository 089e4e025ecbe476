// What a month costs, for display before any contract; the binding figures come from the bank's own engine.

/** Fen a month of an annuity over `months` at a simple yearly rate, not rounded. */
export function instalmentFen(principalFen: number, yearlyRate: number, months: number): number {
  const monthly = yearlyRate / 12;
  return monthly ? (principalFen * monthly) / (1 - (1 + monthly) ** -months) : principalFen / months;
}
