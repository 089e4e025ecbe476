/** Every call that this mini-program makes, by name. */
import { read, remove, write } from './client'
import type {
  AgreedText, Application, ApplicationDetail, Bank, Consent, ConsentText, Contract, CostSheet, Device, EarlyQuote, Enterprise, Handoff, Inbox, ListedConsent, Loan, LoanDebits, LoanDetail,
  Mandate, Me, Message, MessageTemplate, OpenedRepayment, Page, PartnerTold, PhoneChange, PhoneChanged,
  PayOff, Product, Receipt, Repayment, ScannedOrder, SentCode, SignedIn, StatementMonth, Terms, Wanted,
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
export const devices = (): Promise<Page<Device>> => read(`${CUSTOMER}/sessions?limit=50`)
export const signDeviceOut = (id: string): Promise<unknown> => remove(`${CUSTOMER}/sessions/${id}`)
export const signOthersOut = (): Promise<{ ended_count: number }> => remove(`${CUSTOMER}/sessions`) as Promise<{ ended_count: number }>
const CHANGES = `${CUSTOMER}/me/phone-changes`
export const beginPhoneChange = (newPhone: string): Promise<PhoneChange> => write(CHANGES, { new_phone: newPhone })
export const showWhoIAm = (id: string, name: string, idNo: string): Promise<PhoneChange> => write(`${CHANGES}/${id}/identity`, { name, id_no: idNo })
export const sendToNewPhone = (id: string): Promise<SentCode> => write(`${CHANGES}/${id}/codes`)
export const changePhone = (id: string, codeId: string, code: string): Promise<PhoneChanged> => write(`${CHANGES}/${id}/confirmation`, { code_id: codeId, code })

export const scannedOrder = (scene: string): Promise<ScannedOrder> => write(`${CUSTOMER}/scanned-codes`, { scene })
export const stopScanned = (scene: string): Promise<unknown> => write(`${CUSTOMER}/scanned-codes/stop`, { scene })
export const takeOver = (scene: string, matchNumber: string): Promise<Handoff> => write(`${CUSTOMER}/handoffs`, { scene, match_number: matchNumber })
export const handoffs = (): Promise<Page<Handoff>> => read(`${CUSTOMER}/handoffs`)
export const handoff = (id: string): Promise<Handoff> => read(`${CUSTOMER}/handoffs/${id}`)
export const apply = (handoffId: string, terms: Terms): Promise<{ id: string }> => write(`${CUSTOMER}/handoffs/${handoffId}/application`, terms)

export const consentTexts = (locale: string): Promise<{ items: ConsentText[] }> => read(`${CUSTOMER}/consent-texts?locale=${locale}`)
export const consents = (locale = 'zh-CN'): Promise<Page<ListedConsent>> => read(`${CUSTOMER}/consents?limit=50&locale=${locale}`)
export const agreedText = (id: string): Promise<AgreedText> => read(`${CUSTOMER}/consents/${id}/text`)
export const withdrawConsent = (id: string): Promise<unknown> => remove(`${CUSTOMER}/consents/${id}`)
export const partnersTold = (): Promise<{ items: PartnerTold[] }> => read(`${CUSTOMER}/partner-sharing`)
export const consent = ({ kind, version, sha256 }: ConsentText, enterpriseId: string | null): Promise<Consent> =>
  write(`${CUSTOMER}/consents`, { kind, text_version: version, text_sha256: sha256, enterprise_id: enterpriseId })
export const confirmIdentity = (name: string, idNo: string): Promise<unknown> => write(`${CUSTOMER}/me/identity`, { name, id_no: idNo })
export const enterprises = (): Promise<Page<Enterprise>> => read(`${CUSTOMER}/enterprises`)
export const bindEnterprise = (uscc: string): Promise<Enterprise> => write(`${CUSTOMER}/enterprises`, { uscc })

export const applications = (): Promise<Page<Application>> => read(`${CUSTOMER}/applications`)
export const application = (id: string): Promise<ApplicationDetail> => read(`${CUSTOMER}/applications/${id}`)
const of = (applicationId: string): string => `${CUSTOMER}/applications/${applicationId}`
export const askForReview = (id: string, words: string): Promise<unknown> => write(`${of(id)}/review`, { words })
export const withdraw = (id: string): Promise<Application> => write(`${of(id)}/withdrawal`)
export const showCosts = (id: string, months: number, method: string): Promise<CostSheet> =>
  write(`${of(id)}/cost-sheets`, { amount_fen: null, term_months: months, method })
export const confirmCosts = (id: string, sheetId: string): Promise<CostSheet> => write(`${of(id)}/cost-sheets/${sheetId}/confirmation`)
export const prepareContract = (id: string): Promise<Contract> => write(`${of(id)}/contracts`)
/** The second factor: a code for one step on one thing, then the proof of it. */
export const sendCode = (purpose: 'sign_contract' | 'direct_debit' | 'change_phone', subjectId: string): Promise<SentCode> =>
  write(`${CUSTOMER}/step-ups/codes`, { purpose, subject_id: subjectId })
export const prove = (codeId: string, code: string): Promise<unknown> => write(`${CUSTOMER}/step-ups`, { code_id: codeId, code })
export const sign = (id: string, contractId: string, sha256: string): Promise<Contract> =>
  write(`${of(id)}/contracts/${contractId}/signature`, { document_sha256: sha256 })

export const loans = (): Promise<Page<Loan>> => read(`${CUSTOMER}/loans`)
export const loan = (id: string): Promise<LoanDetail> => read(`${CUSTOMER}/loans/${id}`)
export const payOff = (loanId: string): Promise<PayOff> => read(`${CUSTOMER}/loans/${loanId}/payoff-quote`)
export const payEarly = (loanId: string, amountFen: number): Promise<EarlyQuote> =>
  write(`${CUSTOMER}/loans/${loanId}/early-repayment-quotes`, { amount_fen: amountFen })
export const statementMonths = (loanId: string): Promise<{ items: StatementMonth[] }> => read(`${CUSTOMER}/loans/${loanId}/statements`)
export const repayments = (loanId: string): Promise<Page<Repayment>> => read(`${CUSTOMER}/loans/${loanId}/repayments`)
export const openRepayment = (loanId: string, wanted: Wanted, key: string): Promise<OpenedRepayment> =>
  write(`${CUSTOMER}/loans/${loanId}/repayments`, { ...wanted, app: 'mini' }, key)

export const openByAccount = (loanId: string, wanted: Wanted, key: string): Promise<{ repayment: Repayment }> =>
  write(`${CUSTOMER}/loans/${loanId}/repayments`, { ...wanted, pay_by: 'bank_account' }, key)
export const debits = (loanId: string): Promise<LoanDebits> => read(`${CUSTOMER}/loans/${loanId}/debits`)
export const mandates = (): Promise<{ items: Mandate[] }> => read(`${CUSTOMER}/debit-mandates`)
export const nameAccount = (accountNo: string, bankCode: string, { version, sha256 }: ConsentText): Promise<Mandate> =>
  write(`${CUSTOMER}/debit-mandates`, { account_no: accountNo, bank_code: bankCode, text_version: version, text_sha256: sha256 })
export const confirmMandate = (id: string): Promise<Mandate> => write(`${CUSTOMER}/debit-mandates/${id}/confirmation`)
export const endMandate = (id: string): Promise<unknown> => remove(`${CUSTOMER}/debit-mandates/${id}`)

export const inbox = (locale: string, most: number, cursor = ''): Promise<Inbox> =>
  read(`${CUSTOMER}/messages?locale=${locale}&limit=${most}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
export const readMessage = (id: string, locale: string): Promise<Message> => write(`${CUSTOMER}/messages/${id}/read?locale=${locale}`)
export const messageTemplates = (): Promise<{ items: MessageTemplate[] }> => read(`${CUSTOMER}/message-templates`)
export const grantMessages = (accepted: string[], rejected: string[]): Promise<unknown> => write(`${CUSTOMER}/message-grants`, { accepted, rejected })

export const repayment = (id: string): Promise<Repayment> => read(`${CUSTOMER}/repayments/${id}`)
export const continueRepayment = (id: string): Promise<OpenedRepayment> => write(`${CUSTOMER}/repayments/${id}/payment`)
export const cancelRepayment = (id: string): Promise<Repayment> => write(`${CUSTOMER}/repayments/${id}/cancellation`)
/** Where papers are: fetched as files, not read. */
export const papers = {
  schedule: (loanId: string): string => `${CUSTOMER}/loans/${loanId}/schedule.pdf`,
  statement: (loanId: string, month: string): string => `${CUSTOMER}/loans/${loanId}/statements/${month}.pdf`,
  payOffLetter: (loanId: string): string => `${CUSTOMER}/loans/${loanId}/payoff-letter.pdf`,
  settled: (loanId: string): string => `${CUSTOMER}/loans/${loanId}/settlement-certificate.pdf`,
  receipt: (repaymentId: string): string => `${CUSTOMER}/repayments/${repaymentId}/receipt.pdf`,
}
export const receipt = (id: string): Promise<Receipt> => read(`${CUSTOMER}/repayments/${id}/receipt`)
