/** Short names for what the bank's API answers. */
import type { components as CustomerApi } from './customer'
import type { components as PublicApi } from './public'

type Customer = CustomerApi['schemas']
type Public = PublicApi['schemas']

export type Application = Customer['ApplicationOut']
export type ApplicationDetail = Customer['ApplicationDetailOut']
export type Decision = Customer['DecisionOut']
export type CostSheet = Customer['CostSheetOut']
export type Contract = Customer['ContractOut']
export type Reason = Customer['ReasonOut']
export type Words = Customer['TextOut']
export type Loan = Customer['LoanOut']
export type LoanDetail = Customer['LoanDetailOut']
export type LoanChange = Customer['LoanChangeOut']
export type Instalment = Customer['InstalmentOut']
export type PayOff = Customer['PayOffOut']
export type Repayment = Customer['RepaymentOut']
/** Of `pay_by: jsapi`, the only way to pay here: the parameters are always there. */
export type OpenedRepayment = Customer['OpenedRepaymentOut'] & { payment: PayParameters }
export type PayParameters = Customer['PayParametersOut']
export type Mandate = Customer['DebitMandateOut']
export type Debit = Customer['DebitOut']
export type LoanDebits = Customer['LoanDebitsOut']
export type Message = Customer['MessageOut']
export type Inbox = Customer['MessagePageOut']
export type MessageTemplate = Customer['MessageTemplateOut']
export type Receipt = Customer['ReceiptOut']
export type Enterprise = Customer['EnterpriseOut']
export type ConsentText = Customer['ConsentTextOut']
export type Consent = Customer['ConsentOut']
export type ListedConsent = Customer['ListedConsentOut']
export type AgreedText = Customer['AgreedTextOut']
export type PartnerTold = Customer['PartnerToldOut']
export type Device = Customer['SessionOut']
export type PhoneChange = Customer['PhoneChangeOut']
export type PhoneChanged = Customer['PhoneChangedOut']
export type SentCode = Customer['PhoneCodeOut']
export type ScannedOrder = Customer['ScannedOrderOut']
export type Handoff = Customer['OwnHandoffOut']
export type Terms = Customer['FrameApplicationIn']
export type SignedIn = Customer['SignedInOut']
export type Me = Customer['MeOut']
export type Bank = Public['BankOut']
export type Product = Public['ProductOut']
export type EarlyQuote = Customer['EarlyRepaymentQuoteOut']
export type StatementMonth = Customer['StatementMonthOut']
export type Mode = 'lower_instalment' | 'shorter_term'
/** What somebody wants to pay: the next instalment, what is due or a part of it, the whole loan, or a part of it early. */
export type Wanted = { kind: 'instalment' | 'payoff' } | { kind: 'due'; amount_fen?: number } | { kind: 'prepayment'; amount_fen: number; mode: Mode }

export interface Page<Item> {
  items: Item[]
  next_cursor: string | null
}
