// The second part of the partners' script: the bank's window as a dialog, in the page, or as a full page.
import type { Loader } from './embed';
import type { Mode, OpenOptions } from './types';

const READY_MS = 2500;
const HUNG_MS = 8000;
const WEB_VIEW = /MicroMessenger|AlipayClient|aweme|; wv\)/i;
const RANK = ['framed', 'top_level', 'qr'];
const SAY = [
  ['去银行申请', '银行的窗口', '没有打开，你的订单没有变化。', '再试一次', '整页打开', '关闭'],
  ['去銀行申請', '銀行的視窗', '未能開啟，你的訂單沒有變化。', '再試一次', '整頁開啟', '關閉'],
  ['Apply at the bank', 'The bank\'s window', ' did not open. Your order is as it was.', 'Try again', 'Open full page', 'Close'],
];

const node = <K extends keyof HTMLElementTagNameMap>(name: K, more: Partial<HTMLElementTagNameMap[K]> = {}): HTMLElementTagNameMap[K] =>
  Object.assign(document.createElement(name), more);
const button = (text: string, click: (event: Event) => void) => node('button', { textContent: text, type: 'button', onclick: click });
const sheet = new CSSStyleSheet();
sheet.replaceSync(':host{display:block}:host([data-pane]){height:var(--loan-block-size,30rem)}dialog,section{position:relative;box-sizing:border-box;height:100%;padding:0;border:1px solid #7f8b8e;border-radius:var(--radius,16px);background-color:var(--colorSurface,#fff);color:var(--colorText,#172023);overflow:hidden}dialog{position:fixed;width:min(460px,100vw);max-width:none;height:min(760px,92vh)}section.dark,dialog.dark{background-color:#1b1f20;color:#e6ebeb}dialog::backdrop{background:#0009}iframe{width:100%;height:100%;border:0}div{position:absolute;inset:0;display:grid;place-content:center;gap:12px;text-align:center;background:inherit}button{min-height:48px;border:1px solid #7f8b8e;border-radius:8px;background:none;color:inherit;font:inherit}.go{width:100%;border:0;border-radius:var(--radius,8px);font-weight:600;background-color:var(--colorPrimary,var(--b,#172023));color:var(--colorOnPrimary,#fff)}');
function shadow(host: HTMLElement, shown: Node): void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(shown);
}

/** What an element does besides standing there. `<loan-apply>`: the partner's form or our button; others: the window. */
export function start(api: Loader, host: HTMLElement, component: string): () => void {
  if (component !== 'apply') return inline(api, host, component);
  const go = (event: Event) => {
    const mode = chosen(host.getAttribute('mode'));
    if (event.type === 'submit' && mode === 'top_level') return; // the partner's server knows the way
    event.preventDefault();
    void open(api, component, { mode, element: host });
  };
  const form = host.querySelector('form');
  if (form) {
    form.addEventListener('submit', go);
    return () => form.removeEventListener('submit', go);
  }
  return way(api, host, 0, go);
}

/** A button of ours that leads to the bank. */
function way(api: Loader, host: HTMLElement, word: number, go: (event: Event) => void): () => void {
  const shown = button('', go);
  shadow(host, shown);
  return listening(host, () => {
    api.dress(shown, host);
    shown.className = 'go';
    api.terms().then((config) => shown.style.setProperty('--b', config.color), String);
    shown.textContent = SAY[api.tongue(host)]![word]!;
  });
}

function listening(host: HTMLElement, paint: () => unknown): () => void {
  paint();
  for (const target of [document, host]) target.addEventListener('dukou:update', paint);
  return () => { for (const target of [document, host]) target.removeEventListener('dukou:update', paint); };
}

function chosen(asked?: string | null): Mode {
  if (asked && asked !== 'auto') return asked as Mode;
  return WEB_VIEW.test(navigator.userAgent) || matchMedia('(max-width: 699px)').matches ? 'top_level' : 'framed';
}
/** Never looser than the bank allows. */
const allowed = async (api: Loader, mode: string) => RANK[Math.max(RANK.indexOf(await api.terms().then((config) => config.mode, () => 'framed')), RANK.indexOf(mode))]!;

/** One token question at a time, and not more than six a minute: a frame cannot flood the partner's server. */
function tokens(api: Loader, component: string): () => Promise<string> {
  let under: Promise<string> | undefined;
  let asked: number[] = [];
  return () => {
    asked = asked.filter((at) => at > Date.now() - 60_000);
    if (!api.options.fetchClientToken || asked.length > 5) return Promise.reject(new Error());
    asked.push(Date.now());
    return under ??= Promise.resolve(api.options.fetchClientToken({ component })).finally(() => { under = undefined; });
  };
}

interface Heard { t?: string; name?: unknown; data?: { code?: string; retryable?: boolean; request_id?: string }; reason?: string; session_id?: string; h?: number }
let current: (() => void) | undefined;

export async function open(api: Loader, component: string, options: OpenOptions): Promise<void> {
  if (current) return current();
  const host = options.element ?? document.body;
  const mode = await allowed(api, chosen(options.mode));
  if (current || !api.say(host, 'open', component, { mode }, '', true)) return;
  if (mode === 'top_level') return leave(api, component, host, options.returnUrl);
  dialog(api, component, host, mode);
}

/** To the bank's page: the token goes in a form's body, never in an address. */
async function leave(api: Loader, component: string, host: HTMLElement, back = location.href): Promise<void> {
  try {
    const form = node('form', { method: 'post', action: `${api.origin}/embed/v1/page`, hidden: true });
    for (const [name, value] of [['client_token', await tokens(api, component)()], ['return_url', back], ['component', component]] as const) form.append(node('input', { type: 'hidden', name, value }));
    addEventListener('securitypolicyviolation', (event) => { if (event.effectiveDirective === 'form-action') api.fail(host, component, 'form_blocked', false); }, { once: true });
    document.body.append(form);
    form.submit();
    form.remove();
  } catch {
    api.fail(host, component, 'token_unavailable');
  }
}

/** The bank's frame with what stands before it while it comes, or when it does not come. */
function pane(api: Loader, component: string, host: HTMLElement, box: HTMLElement, mode: string, closed: (reason: string) => void) {
  const words = SAY[api.tongue(host)]!;
  const text = node('p');
  const again = button(words[3]!, () => load());
  const full = button(words[4]!, () => void leave(api, component, host));
  const wait = node('div');
  wait.append(text, again, full);
  const frame = node('iframe', { title: `${words[1]} ${component}`, referrerPolicy: 'strict-origin', allow: '', sandbox: 'allow-scripts allow-forms allow-same-origin allow-downloads' as unknown as DOMTokenList });
  box.append(frame);

  const token = tokens(api, component);
  let port: MessagePort | undefined;
  let timer: number | undefined;
  let asked = 0, tries = 0, session = '';
  const look = () => ({ locale: api.locales[api.tongue(host)], theme: api.dark(host) ? 'dark' : 'light', tokens: api.tokens(), mode, component, inline: host.matches('[data-pane]'), amount: host.getAttribute('amount-fen'), term: host.getAttribute('term') });
  const later = (ms: number, code: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => (code === 'frame_timeout' && !tries++ ? load() : broken(code)), ms) as unknown as number;
  };
  const broken = (code: string) => {
    clearTimeout(timer);
    box.append(wait);
    again.hidden = false;
    full.hidden = !api.options.fetchClientToken;
    text.textContent = words[1]! + words[2];
    api.fail(host, component, code);
  };
  const load = () => {
    box.append(wait);
    text.textContent = '…';
    again.hidden = full.hidden = true;
    later(HUNG_MS, 'frame_timeout');
    frame.src = `${api.origin}/embed/v1/frame?partner=${api.options.partner}`;
  };
  const heard = ({ data }: MessageEvent<Heard | null>) => {
    const { t, name } = data ?? {};
    if (t === 'ready') {
      clearTimeout(timer);
      wait.remove();
      api.say(host, t, component);
    } else if (t === 'token?') {
      if (asked++) api.say(host, 'token.expiring', component, {}, session);
      token().then((value) => port?.postMessage({ t: 'token', token: value }), () => {
        port?.postMessage({ t: 'token', error: 'token_unavailable' });
        api.fail(host, component, 'token_unavailable');
      });
    } else if (t === 'event' && typeof name === 'string' && /^[a-z_.]{1,40}$/.test(name)) {
      session = data!.session_id ?? '';
      const given = data!.data ?? {};
      if (name === 'error') api.fail(host, component, given.code!, given.retryable, given.request_id);
      else api.say(host, name, component, given, session);
    } else if (t === 'resize' && component === 'explain') { // only what is public may show by its height
      const height = Math.min(Math.max(data!.h! | 0, 160), 1600);
      if (host.hasAttribute('data-pane')) host.style.blockSize = `${height}px`;
      api.say(host, t, component, { height });
    } else if (t === 'close') closed(data!.reason ?? 'closed');
  };
  frame.onload = () => {
    later(READY_MS, 'frame_blocked');
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = heard;
    frame.contentWindow?.postMessage({ t: 'dk.init', v: 1, ...look() }, api.origin, [channel.port2]);
  };
  const silent = listening(host, () => {
    api.dress(box, host);
      port?.postMessage({ t: 'update', ...look() });
  });
  load();
  return { frame, words, wait, stop: () => { clearTimeout(timer); port?.close(); port = undefined; silent(); } };
}

function dialog(api: Loader, component: string, element: HTMLElement, mode: string): void {
  const before = document.activeElement as HTMLElement | null;
  const host = node('div');
  const box = node('dialog');
  const close = (reason: string) => {
    if (!current) return;
    current = undefined;
    shown.stop();
    box.close();
    host.remove();
    before?.focus();
    for (const what of ['close', 'exit']) api.say(element, what, component, { reason });
  };
  const shown = pane(api, component, element, box, mode, close);
  box.ariaLabel = shown.frame.title;
  shown.wait.append(button(shown.words[5]!, () => close('closed')));
  box.oncancel = (event) => { event.preventDefault(); close('escape'); };
  current = () => shown.frame.focus();
  shadow(host, box);
  document.body.append(host);
  box.showModal();
  current();
}

/** The window in its place in the page, its size set by the page and not by what it shows; a way to it where the bank wants its own page. */
function inline(api: Loader, host: HTMLElement, component: string): () => void {
  let undo: (() => void) | undefined;
  const asked = host.getAttribute('mode');
  void allowed(api, asked && asked !== 'auto' ? asked : 'framed').then((mode) => {
    if (!host.isConnected || undo) return;
    if (mode === 'top_level' && component !== 'explain') undo = way(api, host, 4, () => void leave(api, component, host));
    else {
      const box = node('section');
      host.toggleAttribute('data-pane', true);
      undo = pane(api, component, host, box, mode, (reason) => api.say(host, 'exit', component, { reason })).stop;
      shadow(host, box);
    }
  });
  return () => { undo?.(); undo = () => undefined; host.shadowRoot?.replaceChildren(); };
}
