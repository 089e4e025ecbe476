// Types of the partners' script: elements, calls and events. `scripts/build.mjs` ships it as /embed/v1/embed.d.ts.
export type Component = 'offer' | 'apply' | 'manage' | 'handoff' | 'explain';
export type Mode = 'auto' | 'framed' | 'top_level' | 'qr';
export type Locale = 'zh-CN' | 'zh-HK' | 'en';

/** Colours as `#rrggbb` or `rgb(…)`; with `Dark` at the end for the night. Lengths in px. What cannot be read is left out. */
export type ColourToken = 'colorPrimary' | 'colorPrimaryActive' | 'colorOnPrimary' | 'colorLink' | 'colorPrimaryWash' | 'colorProgress' | 'colorPage' | 'colorSurface' | 'colorSunken'
  | 'colorBorder' | 'colorBorderStrong' | 'colorControl' | 'colorText' | 'colorTextSecondary' | 'colorTextMuted' | 'colorSuccess' | 'colorSuccessWash' | 'colorWarning' | 'colorWarningWash'
  | 'colorDanger' | 'colorDangerWash' | 'colorNeutral' | 'colorNeutralWash';
export type Token = ColourToken | `${ColourToken}Dark` | 'radius' | 'radiusSmall' | 'radiusCard' | 'spaceSmall' | 'spaceMedium' | 'spaceLarge' | 'tapSize' | 'fontFamily' | 'fontSize' | 'motion';

export interface Options {
  partner?: string;
  locale?: Locale | (string & {});
  theme?: 'light' | 'dark' | 'auto' | (string & {});
  appearance?: { tokens?: Partial<Record<Token, string>> };
  /** Asks your server for a client token (POST /partner/v1/embed-sessions); called when a window opens, never before. */
  fetchClientToken?: (asked: { component: string }) => Promise<string>;
  /** Read by mock.js only. */
  mock?: { outcome?: 'approved' | 'declined' | 'left' | 'unreachable' };
}
export interface OpenOptions { mode?: Mode; element?: HTMLElement; returnUrl?: string }
/** The yearly rate or its range, months, the most a month costs in whole yuan, the lender. */
export interface Terms { rate: string; months: number; month: string; bank: string }

export interface EventData {
  ready: {}; render: {}; resize: { height: number }; open: { mode: string }; close: { reason: string };
  'offer.shown': {}; 'offer.dismissed': {}; 'prequal.result': {}; 'apply.step': { step: string }; 'apply.done': {}; 'application.submitted': { application_id: string };
  'handoff.created': {}; 'handoff.scanned': {}; 'handoff.confirmed': {}; 'handoff.completed': {}; 'repay.submitted': {}; 'token.expiring': {};
  exit: { reason: string }; error: { code: string; retryable: boolean; request_id: string; doc_url: string };
}
export interface Envelope<D> { v: 1; id: string; ts: number; component: Component | 'badge'; session_id: string; data: D }
export type LoanEvent<N extends keyof EventData> = CustomEvent<Envelope<EventData[N]> & EventData[N]>;

export interface Loan {
  init(options: Options): Promise<Loan>;
  update(options: Options): void;
  open(component?: Component, options?: OpenOptions): Promise<void>;
  mount(name: Component | 'badge', target: Element, attributes?: Record<string, string>): HTMLElement;
  quote(amountFen: number, term?: number): Promise<Terms | null>;
  on(name: string, listener: (event: CustomEvent) => void): () => void;
}
export const init: Loan['init'];
export const update: Loan['update'];
export const open: Loan['open'];
export const mount: Loan['mount'];
export const quote: Loan['quote'];
export function on<N extends keyof EventData>(name: N, listener: (event: LoanEvent<N>) => void): () => void;

type LoanEvents = { [N in keyof EventData as `loan:${N}`]: LoanEvent<N> };
declare global {
  interface HTMLElementTagNameMap {
    'loan-badge': HTMLElement; 'loan-offer': HTMLElement; 'loan-apply': HTMLElement;
    'loan-manage': HTMLElement; 'loan-handoff': HTMLElement; 'loan-explain': HTMLElement;
  }
  interface HTMLElementEventMap extends LoanEvents {}
  interface DocumentEventMap extends LoanEvents {}
}
