/** Every call that this mini-program makes, by name. */
import { read, remove, write } from './client'
import type {
  Application, ApplicationDetail, Bank, Loan, LoanDetail, Me, OpenedRepayment, Page, PayOff, Product, Receipt, Repayment, RepaymentKind, SignedIn,
} from './types'

const CUSTOMER = '/customer/v1'
const PUBLIC = '/public/v1'

export const bank = (): Promise<Bank> => read(`${PUBLIC}/bank`)
export const products = (): Promise<Page<Product>> => read(`${PUBLIC}/products`)

export const signIn = (loginCode: string): Promise<SignedIn> => write(`${CUSTOMER}/sign-in/mini-program`, { login_code: loginCode })
export const bindPhone = (phoneCode: string): Promise<SignedIn> => write(`${CUSTOMER}/sign-in/mini-program/phone`, { phone_code: phoneCode })
export const confirmPhone = (codeId: string, code: string): Promise<SignedIn> =>
  write(`${CUSTOMER}/sign-in/phone`, { code_id: codeId, code })
export const signOut = (): Promise<unknown> => remove(`${CUSTOMER}/session`)
export const me = (): Promise<Me> => read(`${CUSTOMER}/me`)

export const applications = (): Promise<Page<Application>> => read(`${CUSTOMER}/applications`)
export const application = (id: string): Promise<ApplicationDetail> => read(`${CUSTOMER}/applications/${id}`)

export const loans = (): Promise<Page<Loan>> => read(`${CUSTOMER}/loans`)
export const loan = (id: string): Promise<LoanDetail> => read(`${CUSTOMER}/loans/${id}`)
export const payOff = (loanId: string): Promise<PayOff> => read(`${CUSTOMER}/loans/${loanId}/payoff-quote`)
export const repayments = (loanId: string): Promise<Page<Repayment>> => read(`${CUSTOMER}/loans/${loanId}/repayments`)
export const openRepayment = (loanId: string, kind: RepaymentKind, key: string): Promise<OpenedRepayment> =>
  write(`${CUSTOMER}/loans/${loanId}/repayments`, { kind, app: 'mini' }, key)

export const repayment = (id: string): Promise<Repayment> => read(`${CUSTOMER}/repayments/${id}`)
export const continueRepayment = (id: string): Promise<OpenedRepayment> => write(`${CUSTOMER}/repayments/${id}/payment`)
export const cancelRepayment = (id: string): Promise<Repayment> => write(`${CUSTOMER}/repayments/${id}/cancellation`)
export const receipt = (id: string): Promise<Receipt> => read(`${CUSTOMER}/repayments/${id}/receipt`)
