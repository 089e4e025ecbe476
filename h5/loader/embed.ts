// The script partners include: registry, badge, and the door to the rest, which comes when a page has or opens it.
// No dependency, no cookie, no storage, no inline style; public terms come from one cached file.
import { instalmentFen } from './instalment';
import type { Options, OpenOptions } from './types';

declare const MORE: string; // the second part, named by its content

export interface Product { code: string; min_fen: number; max_fen: number; terms_months: number[]; lowest_annual_rate: string; highest_annual_rate: string }
export interface Config { lender: { zh: string; en: string }; mode: string; products: Product[] }
export interface Terms { english: boolean; rate: string; months: number; month: string; bank: string }

const home = new URL(import.meta.url);
const KEY = Symbol.for('dukou.embed.1');
const TIMEOUT_MS = 8000;

class Loader {
  origin = home.origin;
  options: Options = { partner: document.querySelector<HTMLElement>('script[data-partner]')?.dataset.partner };
  private config_?: Promise<Config>;
  private more_?: Promise<typeof import('./more')>;

  /** The public terms, asked for once; a failure may be tried again. */
  terms = (): Promise<Config> => this.config_ ??= this.fetch_().catch(() => this.fetch_()).catch((error: Error) => {
    this.config_ = undefined;
    throw error;
  });
  private fetch_ = async (): Promise<Config> => {
    const answer = await fetch(`${home.origin}/public/v1/config.json`, { credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error('config_unavailable');
    return answer.json() as Promise<Config>;
  };

  more = (): Promise<typeof import('./more')> => this.more_ ??= (import(/* @vite-ignore */ new URL(MORE, home).href) as Promise<typeof import('./more')>).catch((error: Error) => {
    this.more_ = undefined;
    throw error;
  });

  /** Set the partner's key, language, theme and the function that asks the partner's own server for a client token. */
  init = async (options: Options): Promise<Loader> => (this.update(options), this);
  update = (options: Options): void => {
    Object.assign(this.options, options);
    document.dispatchEvent(new CustomEvent('dukou:update'));
  };
  open = async (component = 'apply', options: OpenOptions = {}): Promise<void> => (await this.more()).open(this, component, options);
  /** Listen to `loan:<name>`; answers the function that ends it. */
  on = (name: string, listener: (event: CustomEvent) => void): (() => void) => {
    document.addEventListener(`loan:${name}`, listener as EventListener);
    return () => document.removeEventListener(`loan:${name}`, listener as EventListener);
  };

  english = (element?: Element): boolean => (element?.getAttribute('locale') ?? this.options.locale ?? document.documentElement.lang).startsWith('en');
  dark = (element?: Element): boolean => (element?.getAttribute('theme') ?? this.options.theme) === 'dark';

  /** What to say of an amount, or nothing when no product lends it. */
  quote = (element: Element, config: Config): Terms | null => {
    const amount = Number(element.getAttribute('amount-fen'));
    const product = config.products.find((one) => one.min_fen <= amount && amount <= one.max_fen);
    if (!product) return null;
    const wanted = Number(element.getAttribute('term') ?? 12);
    const terms = product.terms_months;
    const months = terms.includes(wanted) ? wanted : terms[terms.length - 1]!;
    const percent = (rate: string) => `${(Number(rate) * 100).toFixed(2)}%`;
    // the dearest rate, rounded up once, to whole yuan: nobody pays more than is said here
    const month = String(Math.ceil(instalmentFen(amount, Number(product.highest_annual_rate), months) / 100 - 1e-9)).replace(/\B(?=(\d{3})+$)/g, ',');
    const { lowest_annual_rate: low, highest_annual_rate: high } = product;
    const english = this.english(element);
    return { english, rate: low === high ? percent(low) : `${percent(low)}–${percent(high)}`, months, month, bank: config.lender[english ? 'en' : 'zh'] };
  };

  fail = (target: EventTarget, code: string, retryable = true): void => {
    const detail = { code, retryable, request_id: '', doc_url: `${home.origin}/docs/errors/${code}` };
    target.dispatchEvent(new CustomEvent('loan:error', { bubbles: true, composed: true, detail }));
  };
}
export type { Loader };

const sheet = new CSSStyleSheet();
sheet.replaceSync(':host{display:block;min-block-size:7.5rem;contain:layout style;line-height:1.5}:host([data-none]){visibility:hidden}div{box-sizing:border-box;min-block-size:7.5rem;padding:.875rem 1rem;border:1px solid #c3cccd;border-radius:12px;background:#fff;color:#172023;font-size:.9375rem;line-height:1.5;font-variant-numeric:tabular-nums}div.dark{background:#1b1f20;color:#e6ebeb;border-color:#465052}small{display:block;font-size:.8125rem;color:#5b686b}.dark small{color:#a3adaf}b{display:block;font:600 1.25rem/1.4 inherit;font-size:1.25rem}span{display:block}slot{font-size:.8125rem;line-height:1.6;color:#5b686b}');

/** A box around the partner's own text, until the terms are here. */
function boxed(host: HTMLElement): HTMLElement {
  const root = host.attachShadow({ mode: 'open' });
  const box = document.createElement('div');
  root.adoptedStyleSheets = [sheet];
  box.append(document.createElement('slot'));
  root.append(box);
  return box;
}

class Badge extends HTMLElement {
  static observedAttributes = ['amount-fen', 'term', 'locale', 'theme'];
  private box_?: HTMLElement;
  private config_?: Config;
  private paint_ = (): void => {
    const { config_: config, box_: box } = this;
    if (!config || !box) return;
    const terms = api.quote(this, config);
    this.toggleAttribute('data-none', !terms);
    box.className = api.dark(this) ? 'dark' : '';
    if (!terms) return;
    const { english, rate, months, month, bank } = terms;
    const said = english
      ? ['Yearly rate (simple)', rate, `${months} months, at most about ¥${month} a month`, `Provided and decided by ${bank}`]
      : ['年化利率（单利）', rate, `分 ${months} 期，每期最多约 ${month} 元`, `贷款由${bank}提供并审批`];
    box.lang = english ? 'en' : 'zh-CN';
    box.replaceChildren(...said.map((text, index) => {
      const line = document.createElement(['small', 'b', 'span', 'small'][index]!);
      line.textContent = text;
      return line;
    }));
  };

  connectedCallback(): void {
    this.box_ ??= boxed(this);
    document.addEventListener('dukou:update', this.paint_);
    api.terms().then((config) => {
      const first = !this.config_;
      this.config_ = config;
      this.paint_();
      if (first) this.dispatchEvent(new CustomEvent('loan:ready', { bubbles: true, composed: true, detail: { component: 'badge' } }));
    }, () => api.fail(this, 'config_unavailable'));
  }
  disconnectedCallback(): void { document.removeEventListener('dukou:update', this.paint_); }
  attributeChangedCallback(): void { this.paint_(); }
}

/** An element whose looks and deeds are in the second part. */
const door = (name: 'offer' | 'apply') => class extends HTMLElement {
  static observedAttributes = ['amount-fen', 'term', 'locale', 'theme', 'mode'];
  private undo_?: () => void;
  connectedCallback(): void {
    if (name === 'offer' && !this.shadowRoot) boxed(this);
    api.more().then((more) => {
      if (!this.isConnected || this.undo_) return;
      this.undo_ = more[name](api, this);
      this.toggleAttribute('data-ready', true);
    }, () => api.fail(this, 'script_unavailable'));
  }
  disconnectedCallback(): void {
    this.undo_?.();
    this.undo_ = undefined;
  }
  attributeChangedCallback(): void { if (this.undo_) this.dispatchEvent(new Event('dukou:update')); }
};

const kept = window as unknown as Record<symbol, Loader | undefined>;
const api: Loader = kept[KEY] ??= new Loader();
for (const [name, make] of [['loan-badge', () => Badge], ['loan-offer', () => door('offer')], ['loan-apply', () => door('apply')]] as const) {
  if (!customElements.get(name)) customElements.define(name, make());
}

export const { init, open, on, update } = api;
