// For partners' own tests: the same elements and events with no server. Not in the script that customers get.
import type { Config, Loader } from './embed';
import type { OpenOptions } from './types';

const TERMS: Config = {
  lender: { zh: '示例银行', en: 'Example Bank' },
  color: '#0f5c6b', mode: 'framed',
  products: [{ code: 'example', min_fen: 100_000, max_fen: 30_000_000, terms_months: [3, 6, 12], lowest_annual_rate: '0.0600', highest_annual_rate: '0.0800' }],
};
const WAYS = {
  approved: ['apply.step', 'application.submitted', 'apply.done'],
  declined: ['apply.step', 'application.submitted'],
  left: ['apply.step'],
  unreachable: [],
};

/** Put the bank's answers into this page: terms of an invented bank, and a window that ends as `mock.outcome` says. */
export function simulate(api: Loader): void {
  api.terms = () => Promise.resolve(TERMS);
  api.more = () => Promise.resolve({ open, start } as typeof import('./more'));
}

async function open(api: Loader, component: string, options: OpenOptions): Promise<void> {
  const host = options.element ?? document.body;
  if (document.querySelector('[data-loan-mock]') || !api.say(host, 'open', component, { mode: options.mode ?? 'framed' }, '', true)) return;
  const before = document.activeElement as HTMLElement | null;
  const box = document.createElement('dialog');
  box.dataset.loanMock = component;
  const close = (reason: string) => {
    box.close();
    box.remove();
    before?.focus();
    for (const name of ['close', 'exit']) api.say(host, name, component, { reason });
  };
  box.setAttribute('aria-label', `mock: ${component}`);
  box.addEventListener('cancel', (event) => { event.preventDefault(); close('escape'); });
  box.append(...pane(api, host, component, close));
  document.body.append(box);
  box.showModal();
}

function pane(api: Loader, host: HTMLElement, component: string, close: (reason: string) => void): Node[] {
  const outcome = api.options.mock?.outcome ?? 'approved';
  const text = document.createElement('p');
  text.textContent = `The bank's window (mock): ${component}, ${outcome}`;
  const go = (label: string, act: () => void) => Object.assign(document.createElement('button'), { type: 'button', textContent: label, onclick: act });
  const through = async () => {
    const asked = await api.options.fetchClientToken?.({ component }).catch(() => null);
    if (asked === null || outcome === 'unreachable') return void api.fail(host, component, asked === null ? 'token_unavailable' : 'frame_timeout');
    for (const name of WAYS[outcome]) api.say(host, name, component, name === 'application.submitted' ? { application_id: '00000000-0000-7000-8000-000000000001' } : {}, 'es_mock');
    close(outcome === 'left' ? 'closed' : 'done');
  };
  queueMicrotask(() => { for (const name of ['ready', 'render']) api.say(host, name, component); });
  return [text, go('Go through', () => void through()), go('Close', () => close('closed'))];
}

function start(api: Loader, host: HTMLElement, component: string): () => void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  if (component !== 'apply') {
    root.replaceChildren(...pane(api, host, component, (reason) => api.say(host, 'exit', component, { reason })));
    return () => root.replaceChildren();
  }
  const go = (event: Event) => { event.preventDefault(); void open(api, component, { element: host }); };
  const form = host.querySelector('form');
  const way = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Apply (mock)', onclick: go });
  form?.addEventListener('submit', go);
  root.replaceChildren(form ? document.createElement('slot') : way);
  return () => form?.removeEventListener('submit', go);
}
