// What partners give to the script.
export type Mode = 'auto' | 'framed' | 'top_level' | 'qr';
export interface Options {
  /** The publishable key, `pk_…`; also read from `data-partner` of the script. */
  partner?: string;
  locale?: string;
  theme?: string;
  /** Asks the partner's own server for a client token; called when a window opens, never before. */
  fetchClientToken?: (asked: { component: string }) => Promise<string>;
}
export interface OpenOptions {
  mode?: Mode;
  /** Where events start and where the focus returns to. */
  element?: HTMLElement;
  /** Where a full page leads back to; this page unless given. */
  returnUrl?: string;
}
