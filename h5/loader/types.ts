// What partners give to the script and hear from it; `embed.d.ts` is made from this.
export type Mode = 'auto' | 'framed' | 'top_level' | 'qr';
export type Component = 'offer' | 'apply' | 'manage' | 'handoff' | 'explain';
export type Appearance = Record<string, string>;
export interface Options {
  /** The publishable key, `pk_…`; also read from `data-partner` of the script. */
  partner?: string;
  /** `zh-CN`, `zh-HK` or `en`; the page's own language unless given. */
  locale?: string;
  /** `light` unless given; `auto` follows the device. */
  theme?: 'light' | 'dark' | 'auto' | (string & {});
  appearance?: { tokens?: Appearance };
  /** Asks the partner's own server for a client token; called when a window opens, never before. */
  fetchClientToken?: (asked: { component: string }) => Promise<string>;
  /** Only the mock reads it: how the bank's window ends. */
  mock?: { outcome?: 'approved' | 'declined' | 'left' | 'unreachable' };
}
export interface OpenOptions {
  mode?: Mode;
  /** Where events start and where the focus returns to. */
  element?: HTMLElement;
  /** Where a full page leads back to; this page unless given. */
  returnUrl?: string;
}
