// The script partners include: registry, badge and public offer, and the door to the rest, which comes when a page has
// or opens it. No dependency, no cookie, no storage, no inline style; public terms come from one cached file.
import { instalmentFen } from './instalment';
import { simulate } from './mock';
import type { Options, OpenOptions } from './types';

declare const MORE: string; // the second part, named by its content
declare const MOCK: boolean; // true only in the file for partners' tests

export interface Product { code: string; min_fen: number; max_fen: number; terms_months: number[]; lowest_annual_rate: string; highest_annual_rate: string }
export interface Config { lender: { zh: string; en: string }; color: string; mode: string; products: Product[] }
export interface Terms { rate: string; months: number; month: string; bank: string }
type More = typeof import('./more');

const home = new URL(import.meta.url);
const KEY = Symbol.for('dukou.embed.1');
const TIMEOUT_MS = 8000;
/** Values of tokens: a plain colour, length, number or list of faces; nothing that loads or ends a declaration. Frames look closer. */
const PLAIN = /^(?!url)[\w#., %'-]{1,80}(\([\d., %]+\))?$/i;
const SAY = [
  ['年化利率（单利）', '分 # 期，每期最多约 @ 元', '贷款由@提供并审批', '这单可以申请分期付给商家'],
  ['年化利率（單利）', '分 # 期，每期最多約 @ 元', '貸款由@提供並審批', '這單可以申請分期付給商戶'],
  ['Yearly rate (simple)', '# months, at most about ¥@ a month', 'Provided and decided by @', 'This order can be paid with a loan'],
];

let told = 0;
class Loader {
  origin = home.origin;
  locales = ['zh-CN', 'zh-HK', 'en'];
  options: Options = { partner: document.querySelector<HTMLElement>('script[data-partner]')?.dataset.partner };
  private config_?: Promise<Config>;
  private more_?: Promise<More>;

  /** The public terms, asked for once; a failure may be tried again. */
  terms = (): Promise<Config> => this.config_ ??= this.fetch_().catch(() => this.fetch_()).catch((error: Error) => {
    this.config_ = undefined;
    throw error;
  });
  private fetch_ = async (): Promise<Config> => {
    const answer = await fetch(`${home.origin}/public/v1/config.json`, { credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw answer;
    return answer.json() as Promise<Config>;
  };

  more = (): Promise<More> => this.more_ ??= (import(/* @vite-ignore */ new URL(MORE, home).href) as Promise<More>).catch((error: Error) => {
    this.more_ = undefined;
    throw error;
  });

  /** Set the partner's key, language, theme and the function that asks the partner's own server for a client token. */
  init = async (options: Options): Promise<Loader> => (this.update(options), this);
  update = (options: Options): void => {
    Object.assign(this.options, options);
    document.dispatchEvent(new Event('dukou:update'));
  };
  open = async (component = 'apply', options: OpenOptions = {}): Promise<void> => (await this.more()).open(this, component, options);
  /** `<loan-…>` made and placed; take it away with its own `remove()`. */
  mount = (name: string, target: Element, attributes: Record<string, string> = {}): HTMLElement => {
    const made = document.createElement(`loan-${name}`);
    for (const key in attributes) made.setAttribute(key, attributes[key]!);
    target.append(made);
    return made;
  };
  /** The public terms for an amount, to be shown in the partner's own way; null when no product lends it. */
  quote = async (amountFen: number, term = 12): Promise<Terms | null> => this.terms_(await this.terms(), amountFen, term, this.tongue());
  /** Listen to `loan:<name>`; answers the function that ends it. */
  on = (name: string, listener: (event: CustomEvent) => void): (() => void) => {
    document.addEventListener(`loan:${name}`, listener as EventListener);
    return () => document.removeEventListener(`loan:${name}`, listener as EventListener);
  };

  /** Which of `locales`. */
  tongue = (element?: Element): number => {
    const asked = element?.getAttribute('locale') ?? this.options.locale ?? document.documentElement.lang;
    return /^en/i.test(asked) ? 2 : /^zh-(hk|mo|tw|hant)/i.test(asked) ? 1 : 0;
  };
  dark = (element?: Element): boolean => {
    const asked = element?.getAttribute('theme') ?? this.options.theme;
    return asked === 'dark' || asked === 'auto' && night.matches;
  };
  tokens = (): Record<string, string> => Object.fromEntries(Object.entries(this.options.appearance?.tokens ?? {}).filter(([name, value]) => /^[a-zA-Z]{1,30}$/.test(name) && PLAIN.test(value)));
  /** Looks of one of our boxes: language, day or night, and the partner's own tokens as properties `--name`. */
  dress = (box: HTMLElement, host: Element): void => {
    box.lang = this.locales[this.tongue(host)]!;
    box.className = this.dark(host) ? 'dark' : '';
    box.style.cssText = '';
    for (const [name, value] of Object.entries(this.tokens())) box.style.setProperty(`--${name}`, value);
  };

  terms_ = (config: Config, amount: number, wanted: number, tongue: number): Terms | null => {
    const product = config.products.find((one) => one.min_fen <= amount && amount <= one.max_fen);
    if (!product) return null;
    const { terms_months: terms, lowest_annual_rate: low, highest_annual_rate: high } = product;
    const months = terms.includes(wanted) ? wanted : terms.at(-1)!;
    const percent = (rate: string) => `${(Number(rate) * 100).toFixed(2)}%`;
    // the dearest rate, rounded up once, to whole yuan: nobody pays more than is said here
    const month = String(Math.ceil(instalmentFen(amount, Number(high), months) / 100 - 1e-9)).replace(/\B(?=(\d{3})+$)/g, ',');
    return { rate: low === high ? percent(low) : `${percent(low)}–${percent(high)}`, months, month, bank: config.lender[tongue > 1 ? 'en' : 'zh'] };
  };

  /** An event of ours: its data stand in `detail.data`, and beside the envelope as well. */
  say = (target: EventTarget, name: string, component: string, data: object = {}, session_id = '', cancelable = false): boolean => {
    const ts = Date.now();
    return target.dispatchEvent(new CustomEvent(`loan:${name}`, { bubbles: true, composed: true, cancelable, detail: { ...data, v: 1, id: `${ts}-${++told}`, ts, component, session_id, data } }));
  };
  fail = (target: EventTarget, component: string, code: string, retryable = true, request_id = ''): unknown =>
    this.say(target, 'error', component, { code, retryable, request_id, doc_url: `${home.origin}/docs/errors/${code}` });
}
export type { Loader };

const sheet = new CSSStyleSheet();
sheet.replaceSync(':host{display:block;min-block-size:7.5rem;contain:layout style}:host(loan-offer){min-block-size:9.25rem}:host([data-none]){visibility:hidden}div{box-sizing:border-box;min-block-size:inherit;padding:.875rem 1rem;border:1px solid var(--colorBorder,#c3cccd);border-radius:var(--radius,12px);background-color:var(--colorSurface,#fff);color:var(--colorText,#172023);font-family:var(--fontFamily,inherit);font-size:.9375rem;line-height:1.5;font-variant-numeric:tabular-nums}.dark{background-color:var(--colorSurfaceDark,#1b1f20);color:var(--colorTextDark,#e6ebeb);border-color:var(--colorBorderDark,#465052)}small,slot{font-size:.8125rem;opacity:.8}small,b,span{display:block}b{font-size:1.25rem;line-height:1.4}:host(loan-offer) b{font-size:1.75rem;line-height:1.25}slot{line-height:1.6}');

/** An element: what is public is painted here, the others' looks and deeds are in the second part. */
const element = (name: string) => class extends HTMLElement {
  static observedAttributes = ['amount-fen', 'term', 'locale', 'theme', 'mode'];
  private undo_?: () => void;
  private box_?: HTMLElement;
  private config_?: Config;
  private paint_ = (): void => {
    const { config_: config, box_: box } = this;
    if (!config || !box) return;
    const tongue = api.tongue(this);
    const terms = api.terms_(config, Number(this.getAttribute('amount-fen')), Number(this.getAttribute('term') ?? 12), tongue);
    this.toggleAttribute('data-none', !terms);
    api.dress(box, this);
    if (!terms) return;
    const [label, each, by, head] = SAY[tongue]!;
    const said: [string, string][] = [['small', label!], ['b', terms.rate], ['span', each!.replace('#', `${terms.months}`).replace('@', terms.month)], ['small', by!.replace('@', terms.bank)]];
    if (name === 'offer') said.unshift(['span', head!]);
    box.replaceChildren(...said.map(([tag, text]) => {
      const line = document.createElement(tag);
      line.textContent = text;
      return line;
    }));
  };

  connectedCallback(): void {
    if (this.undo_) return;
    if (name === 'badge' || name === 'offer' && !this.hasAttribute('personal')) {
      if (!this.box_) {
        // a box around the partner's own text, until the terms are here
        const root = this.attachShadow({ mode: 'open' });
        root.adoptedStyleSheets = [sheet];
        root.append(this.box_ = document.createElement('div'));
        this.box_.append(document.createElement('slot'));
      }
      document.addEventListener('dukou:update', this.paint_);
      this.undo_ = () => document.removeEventListener('dukou:update', this.paint_);
      api.terms().then((config) => {
        const first = !this.config_;
        this.config_ = config;
        this.paint_();
        if (!first || !this.isConnected) return;
        for (const what of ['ready', 'render', ...name === 'offer' ? ['offer.shown'] : []]) api.say(this, what, name);
      }, () => api.fail(this, name, 'config_unavailable'));
    } else {
      api.more().then((more) => {
        if (!this.isConnected || this.undo_) return;
        this.undo_ = more.start(api, this, name);
        this.toggleAttribute('data-ready', true);
      }, () => api.fail(this, name, 'script_unavailable'));
    }
  }
  /** Taken away, or only moved: a page that puts it elsewhere at once keeps what it shows. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.undo_?.();
      this.undo_ = undefined;
    });
  }
  attributeChangedCallback(): void {
    this.paint_();
    this.dispatchEvent(new Event('dukou:update'));
  }
};

const night = matchMedia('(prefers-color-scheme: dark)');
const kept = window as unknown as Record<symbol, Loader | undefined>;
const fresh = !kept[KEY];
const api: Loader = kept[KEY] ??= new Loader();
if (MOCK && fresh) simulate(api);
if (fresh) night.addEventListener('change', () => api.update({}));
for (const name of ['badge', 'offer', 'apply', 'manage', 'handoff', 'explain']) {
  if (!customElements.get(`loan-${name}`)) customElements.define(`loan-${name}`, element(name));
}

export const { init, open, on, update, mount, quote, terms } = api;
