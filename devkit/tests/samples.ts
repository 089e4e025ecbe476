/** Answers of the bank, invented. */
import type { Application, Handoff, Instalment, Loan, LoanDetail, Repayment } from '../../miniprogram/api/types'

export const TODAY = '2026-12-11'

export const aLoan = (more: Partial<Loan> = {}): Loan => ({
  id: 'loan-1', loan_no: 'JK1', application_id: 'app-1', contract_id: 'contract-1', all_in_annual_rate: '0.060000' as never, annual_rate: '0.060000' as never,
  principal_fen: 10_000_000, outstanding_principal_fen: 5_074_810, credit_fen: 0, method: 'equal_instalment', term_months: 12, start_on: '2026-05-15',
  status: 'active', next_due_on: '2026-12-15', next_payment_fen: 860_664, due_now_fen: 0, overdue_days: 0, penalty_fen: 0, written_off_on: null, ...more,
})

export const aRow = (number: number, more: Partial<Instalment> = {}): Instalment => ({
  number, due_on: `2026-${String(number + 5).padStart(2, '0')}-15`, principal_fen: 835_290, interest_fen: 25_374, payment_fen: 860_664, status: 'due', paid_at: null, paid_fen: 0, penalty_fen: 0, overdue_days: 0, ...more,
})

export const aDetail = (rows: Instalment[], more: Partial<Loan> = {}): LoanDetail => ({ ...aLoan(more), instalments: rows, changes: [] })

export const anApplication = (status: string, kind: string, who: string, more: Partial<Application> = {}): Application => ({
  id: `app-${status}`, number: 'AP-1', status, product_code: 'goods', product_name: { zh: '货款分期', en: 'Goods' }, enterprise_id: 'enterprise-1', amount_fen: 1_299_900,
  approved_fen: null, term_months: 12, method: 'equal_instalment', purpose: 'goods', payee_name: null, pays_order: true, submitted_at: '2026-12-10T02:00:00Z',
  valid_until: null, next_step: { kind, who }, ...more,
})

export const aHandoff = (applicationId: string | null = null): Handoff => ({
  id: 'handoff-1', status: 'confirmed', partner: { name: '栈桥批发' }, expires_at: '2026-12-11T04:00:00Z',
  order: { order_ref: 'PO-1', title: '冷藏柜', amount_fen: 1_299_900, merchant_name: '青石冷链设备部', status: 'offered', application_id: applicationId },
})

export const aRepayment = (status: string): Repayment => ({
  id: 'repayment-1', receipt_no: 'HK1', loan_id: 'loan-1', kind: 'instalment', instalment_number: 7, amount_fen: 860_664, status,
  principal_fen: null, interest_fen: null, interest_returned_fen: null, overpaid_fen: null, paid_at: null,
})
