// The second part of the partners' script: the offer, the apply button, and the bank's window as dialog or full page.
import type { Loader } from './embed';
import type { Mode, OpenOptions } from './types';

const READY_MS = 2500;
const HUNG_MS = 8000;
const WEB_VIEW = /MicroMessenger|AlipayClient|aweme|; wv\)/i;
const RANK = ['framed', 'top_level', 'qr'];

const node = <K extends keyof HTMLElementTagNameMap>(name: K, text = '', more: Partial<HTMLElementTagNameMap[K]> = {}): HTMLElementTagNameMap[K] => {
  const made = Object.assign(document.createElement(name), more);
  if (text) made.textContent = text;
  return made;
};
function shadow(host: HTMLElement, css: string): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  return root;
}
const say = (target: EventTarget, name: string, detail: object, cancelable = false) =>
  target.dispatchEvent(new CustomEvent(`loan:${name}`, { bubbles: true, composed: true, cancelable, detail: { v: 1, ts: Date.now(), ...detail } }));

const CARD = ':host{display:block;min-block-size:9.25rem;contain:layout style;line-height:1.5}:host([data-none]){visibility:hidden}div{box-sizing:border-box;min-block-size:9.25rem;padding:.875rem 1rem;border:1px solid #c3cccd;border-radius:12px;background:#fff;color:#172023;font-size:.9375rem;line-height:1.5;font-variant-numeric:tabular-nums}.dark{background:#1b1f20;color:#e6ebeb;border-color:#465052}p{margin:0}slot{font-size:.8125rem;line-height:1.6;color:#5b686b}.n{font-size:.8125rem;color:#5b686b}.dark .n{color:#a3adaf}b{font-size:1.75rem;line-height:1.25}';
const BUTTON = ':host{display:block;min-block-size:48px}button{inline-size:100%;min-block-size:48px;border:0;border-radius:8px;font:600 1rem/1.4 inherit;font-size:1rem;background:#0f5c6b;color:#fff;cursor:pointer}';

/** `<loan-offer>`: what anybody may see of the terms for this amount. */
export function offer(api: Loader, host: HTMLElement): () => void {
  const root = shadow(host, CARD);
  const box = node('div');
  box.append(node('slot'));
  root.replaceChildren(box);
  const paint = () => api.terms().then((config) => {
    const terms = api.quote(host, config);
    host.toggleAttribute('data-none', !terms);
    if (!terms) return;
    const { english, rate, months, month, bank } = terms;
    const said = english
      ? ['This order can be paid with a loan', 'Yearly rate (simple)', rate, `${months} months, at most about ¥${month} a month`, `Provided and decided by ${bank}`]
      : ['这单可以申请分期付给商家', '年化利率（单利）', rate, `${months} 期，每期最多约 ${month} 元`, `贷款由${bank}提供并审批`];
    box.className = api.dark(host) ? 'dark' : '';
    box.lang = english ? 'en' : 'zh-CN';
    box.replaceChildren(...said.map((text, index) => {
      const line = node('p', index === 2 ? '' : text, { className: index === 2 || index === 3 ? '' : 'n' });
      if (index === 2) line.append(node('b', text));
      return line;
    }));
    say(host, 'offer.shown', { component: 'offer', state: 'generic' });
  }, () => api.fail(host, 'config_unavailable'));
  return listening(host, paint);
}

/** `<loan-apply>`: the partner's own form inside it, or a button of ours; either opens the bank's window. */
export function apply(api: Loader, host: HTMLElement): () => void {
  const start = (event: Event) => {
    const mode = chosen(host.getAttribute('mode') as Mode);
    if (event.type === 'submit' && mode === 'top_level') return; // the partner's server knows the way
    event.preventDefault();
    void open(api, 'apply', { mode, element: host });
  };
  const form = host.querySelector('form');
  if (form) {
    form.addEventListener('submit', start);
    return () => form.removeEventListener('submit', start);
  }
  const button = node('button', '', { type: 'button' });
  button.addEventListener('click', start);
  shadow(host, BUTTON).replaceChildren(button);
  const paint = () => { button.textContent = api.english(host) ? 'Apply at the bank' : '去银行申请'; };
  return listening(host, paint);
}

function listening(host: HTMLElement, paint: () => unknown): () => void {
  void paint();
  for (const target of [document, host]) target.addEventListener('dukou:update', paint);
  return () => { for (const target of [document, host]) target.removeEventListener('dukou:update', paint); };
}

function chosen(asked: Mode | null | undefined): Mode {
  if (asked && asked !== 'auto') return asked;
  return WEB_VIEW.test(navigator.userAgent) || matchMedia('(max-width: 699px)').matches ? 'top_level' : 'framed';
}

/** One token question at a time, and not more than six a minute: a frame cannot flood the partner's server. */
function tokens(api: Loader) {
  let under: Promise<string> | undefined;
  let asked: number[] = [];
  return (component: string): Promise<string> => {
    asked = asked.filter((at) => at > Date.now() - 60_000);
    if (!api.options.fetchClientToken || asked.length > 5) return Promise.reject(new Error('token_unavailable'));
    if (!under) asked.push(Date.now());
    return under ??= Promise.resolve(api.options.fetchClientToken({ component })).finally(() => { under = undefined; });
  };
}

let current: HTMLDialogElement | undefined;

export async function open(api: Loader, component: string, options: OpenOptions): Promise<void> {
  if (current) return current.querySelector('iframe')?.focus();
  const element = options.element ?? document.body;
  const setting = await api.terms().then((config) => config.mode, () => 'framed');
  const asked = chosen(options.mode);
  const mode = RANK[Math.max(RANK.indexOf(setting), RANK.indexOf(asked))]!; // never looser than the bank allows
  if (current || !say(element, 'open', { component, mode }, true)) return;
  if (mode === 'top_level') return leave(api, component, element, options.returnUrl ?? location.href);
  dialog(api, component, element, mode);
}

/** To the bank's page: the token goes in a form's body, never in an address. */
async function leave(api: Loader, component: string, element: HTMLElement, back: string): Promise<void> {
  try {
    const form = node('form', '', { method: 'post', action: `${api.origin}/embed/v1/page`, hidden: true });
    for (const [name, value] of [['client_token', await tokens(api)(component)], ['return_url', back]] as const) form.append(node('input', '', { type: 'hidden', name, value }));
    addEventListener('securitypolicyviolation', (event) => { if (event.effectiveDirective === 'form-action') api.fail(element, 'form_blocked', false); }, { once: true });
    document.body.append(form);
    form.submit();
    form.remove();
  } catch {
    api.fail(element, 'token_unavailable');
  }
}

const WINDOW = 'dialog{inline-size:min(460px,100vw);max-inline-size:none;block-size:min(760px,92vh);max-block-size:none;padding:0;border:0;border-radius:16px;background:#fff;color:#172023;overflow:hidden;box-shadow:0 18px 48px rgba(10,40,46,.18)}dialog.dark{background:#1b1f20;color:#e6ebeb}dialog::backdrop{background:rgba(9,20,23,.56)}iframe{display:block;inline-size:100%;block-size:100%;border:0;color-scheme:auto}.wait{position:absolute;inset:0;display:grid;place-content:center;gap:12px;padding:24px;text-align:center;background:inherit;font:15px/1.6 system-ui,sans-serif}button{min-block-size:44px;padding:0 20px;border:1px solid #7f8b8e;border-radius:8px;background:none;color:inherit;font:inherit;cursor:pointer}[hidden]{display:none}@media(max-width:699px){dialog{inline-size:100%;block-size:calc(100% - 40px);margin:40px 0 0;border-radius:16px 16px 0 0}}';

function dialog(api: Loader, component: string, element: HTMLElement, mode: string): void {
  const english = api.english(element);
  const before = document.activeElement as HTMLElement | null;
  const host = node('div');
  const window_ = node('dialog', '', { className: api.dark(element) ? 'dark' : '' });
  const text = node('p', english ? 'Opening the bank’s window…' : '正在打开银行的窗口…');
  const again = node('button', english ? 'Try again' : '再试一次', { type: 'button', hidden: true });
  const shut = node('button', english ? 'Close' : '关闭', { type: 'button' });
  const wait = node('div', '', { className: 'wait' });
  const frame = node('iframe', '', { title: english ? 'Application at the bank' : '银行的申请窗口', referrerPolicy: 'strict-origin', allow: '' });
  frame.setAttribute('sandbox', 'allow-scripts allow-forms allow-same-origin allow-downloads');
  wait.append(text, again, shut);
  window_.append(frame, wait);
  window_.setAttribute('aria-label', frame.title);
  shadow(host, WINDOW).append(window_);

  const look = () => ({ locale: english ? 'en' : api.options.locale ?? 'zh-CN', theme: api.dark(element) ? 'dark' : 'light', mode });
  const url = `${api.origin}/embed/v1/frame?${new URLSearchParams({ partner: api.options.partner ?? '', locale: look().locale, theme: look().theme })}`;
  const token = tokens(api);
  let port: MessagePort | undefined;
  let timer = 0;
  let messages = 0;

  const close = (reason: string) => {
    if (!current) return;
    current = undefined;
    clearTimeout(timer);
    port?.close();
    document.removeEventListener('dukou:update', update);
    window_.close();
    host.remove();
    before?.focus();
    say(element, 'close', { component, reason });
  };
  const broken = (code: string) => {
    clearTimeout(timer);
    Object.assign(wait, { hidden: false });
    again.hidden = false;
    text.textContent = english ? 'The bank’s window did not open. Nothing has happened to your order.' : '银行的窗口没有打开，你的订单没有变化。';
    api.fail(element, code);
  };
  const load = () => {
    clearTimeout(timer);
    timer = setTimeout(broken, HUNG_MS, 'frame_timeout') as unknown as number;
    frame.src = url;
  };
  const update = () => port?.postMessage({ t: 'update', theme: api.dark(element) ? 'dark' : 'light', locale: api.english(element) ? 'en' : 'zh-CN' });

  const heard = ({ data }: MessageEvent<{ t?: string; name?: unknown; data?: unknown; reason?: unknown } | null>) => {
    if (++messages > 2000) return broken('frame_flood'), port!.close();
    switch (data?.t) {
      case 'ready':
        clearTimeout(timer);
        wait.hidden = true;
        say(element, 'ready', { component });
        break;
      case 'token?':
        token(component).then((value) => port?.postMessage({ t: 'token', token: value }), () => {
          port?.postMessage({ t: 'token', error: 'token_unavailable' });
          api.fail(element, 'token_unavailable');
        });
        break;
      case 'event':
        if (typeof data.name === 'string' && /^[a-z_.]{1,40}$/.test(data.name) && data.name !== 'error') say(element, data.name, { component, data: data.data });
        break;
      case 'close': close(String(data.reason ?? 'closed').slice(0, 20));
    }
  };
  frame.addEventListener('load', () => {
    clearTimeout(timer);
    timer = setTimeout(broken, READY_MS, 'frame_blocked') as unknown as number;
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = heard;
    frame.contentWindow?.postMessage({ t: 'dk.init', v: 1, ...look() }, api.origin, [channel.port2]);
  });
  again.addEventListener('click', () => { again.hidden = true; text.textContent = '…'; load(); });
  shut.addEventListener('click', () => close('closed'));
  window_.addEventListener('cancel', (event) => { event.preventDefault(); close('escape'); });
  document.addEventListener('dukou:update', update);
  current = window_;
  load();
  document.body.append(host);
  window_.showModal();
  frame.focus();
}
