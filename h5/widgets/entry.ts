// How the page was opened: in a partner's frame by a message port, or by itself with a one-time code in the fragment.
import { post, Refusal, type Result, tokens } from '../api/client';

export type Context = Result<'get', '/embed/v1/context'>;
export interface Bank { name: string; mark: string; name_en: string; full_name: string; phone: string; complaints: string; lines: string[]; lines_en: string[]; host: string }
type Look = { locale?: unknown; theme?: unknown; mode?: unknown; tokens?: unknown; component?: unknown; inline?: unknown; amount?: unknown; term?: unknown };
export type View = 'offer' | 'apply' | 'manage' | 'handoff' | 'explain';
const VIEWS = ['apply', 'offer', 'manage', 'handoff', 'explain'];

const page = document.documentElement;
export const bank = JSON.parse(page.dataset.bank ?? '{}') as Bank;
export const framed = page.dataset.page === 'frame';
export const inWeChat = /MicroMessenger/i.test(navigator.userAgent);
const KEPT = 'dukou.frame';
const TOKEN_WAIT_MS = 12_000;

/** Where the customer goes back to in a full page; and what WeChat's page or a phone's camera brought. */
export const arrival = { returnTo: '', matchNumber: '', wechatCode: '', wechatError: '', mode: '', inline: false, amountFen: 0, term: 0 };
/** What the partner's page asked for. */
let view: View = 'apply';
export const shownView = () => view;
export const turnTo = (next: View) => { view = next; };
let sessionId = '';
/** Of a person's own matters the partner's page hears nothing: neither where they stand nor what they do about it. */
const ALWAYS = /^(render|error|offer\.|prequal\.|repay\.|exit)/;
let port: MessagePort | undefined;
let parentOrigin: string | null = null;
let waiting: ((message: { token?: string; error?: string }) => void) | undefined;

/** Tell the partner's page; never anything personal, never the reason of a refusal. */
export function tell(name: string, data: Record<string, unknown> = {}): void {
  if (view === 'apply' || view === 'handoff' || ALWAYS.test(name)) port?.postMessage({ t: 'event', name, data, session_id: sessionId });
}
/** How high the page would like to be: only of what is the same for everybody. */
export function wish(h: number): void {
  if (view === 'explain') port?.postMessage({ t: 'resize', h: Math.ceil(h) });
}

/** Leave for the partner's page. */
export function leave(reason: string): boolean {
  if (port) port.postMessage({ t: 'close', reason });
  else if (arrival.returnTo) location.assign(arrival.returnTo);
  return Boolean(port || arrival.returnTo);
}

/** The first message of the page that holds this frame, once, from an origin that the partner registered. */
function connect(look: (wanted: Look) => void): Promise<void> {
  const allowed = (page.dataset.origins ?? '').split(' ').filter(Boolean);
  return new Promise((done) => {
    const take = (event: MessageEvent) => {
      const given = event.data as { t?: unknown; v?: unknown } & Look | null;
      if (event.source !== window.parent || !allowed.includes(event.origin) || given?.t !== 'dk.init' || given.v !== 1 || event.ports.length !== 1) return;
      removeEventListener('message', take);
      port = event.ports[0]!;
      parentOrigin = event.origin;
      port.onmessage = ({ data }: MessageEvent<{ t?: string; token?: string; error?: string } & Look>) => {
        if (data?.t === 'token') waiting?.(data);
        if (data?.t === 'update') look(data);
      };
      arrival.mode = String(given.mode ?? '');
      arrival.inline = given.inline === true;
      arrival.amountFen = Math.max(0, Number(given.amount) || 0);
      arrival.term = Math.max(0, Number(given.term) || 0);
      if (VIEWS.includes(String(given.component))) view = given.component as View;
      look(given);
      port.postMessage({ t: 'ready', v: 1 });
      done();
    };
    addEventListener('message', take);
  });
}

function askToken(): Promise<string> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Refusal('network')), TOKEN_WAIT_MS);
    waiting = ({ token, error }) => {
      clearTimeout(timer);
      waiting = undefined;
      if (typeof token === 'string' && !error) done(token);
      else fail(new Refusal('embed.token_unknown', 502));
    };
    port!.postMessage({ t: 'token?' });
  });
}

/** Open the frame session. In a frame it may be opened anew when it has ended. */
export async function open(look: (wanted: Look) => void): Promise<Context | null> {
  if (framed) {
    if (!port) await connect(look);
    if (view === 'explain') return null; // what everybody may see needs no session
    const told = await post('/embed/v1/frame-sessions', { body: { client_token: await askToken(), parent_origin: parentOrigin } });
    tokens.frame = told.frame_token;
    sessionId = told.session_id;
    return told;
  }
  const given = new URLSearchParams(location.hash.slice(1));
  history.replaceState(null, '', location.pathname + location.search); // the code is used once and stays nowhere
  arrival.wechatCode = given.get('wechat_code') ?? '';
  arrival.wechatError = given.get('wechat_error') ?? '';
  const code = given.get('c') ?? given.get('h');
  if (VIEWS.includes(given.get('v') ?? '')) view = given.get('v') as View;
  if (given.get('e')) throw new Refusal(given.get('e')!, 401);
  return code ? arrive(code) : resume();
}

async function arrive(code: string): Promise<Context> {
  const told = await post('/embed/v1/page-sessions', { body: { code } });
  Object.assign(arrival, { returnTo: told.return_to ?? '', matchNumber: told.match_number ?? '' });
  tokens.frame = told.frame_token;
  if (!(view in told.components)) view = (VIEWS.find((one) => one in told.components) ?? 'apply') as View;
  keep({ token: tokens.frame, returnTo: arrival.returnTo, view, context: told });
  return told;
}

/** A full page that was loaded again, or came back from WeChat's: the order is known still, the person signs in anew. */
function resume(): Context {
  const kept = recall();
  if (!kept) throw new Refusal('embed.page_code_refused', 401);
  tokens.frame = kept.token;
  arrival.returnTo = kept.returnTo;
  view = kept.view;
  return kept.context;
}

interface Kept { token: string; returnTo: string; view: View; context: Context }
function keep({ token, returnTo, view: shown, context }: Kept): void {
  const { partner, order, components, mode, locale, session_id } = context;
  try { sessionStorage.setItem(KEPT, JSON.stringify({ token, returnTo, view: shown, context: { partner, order, components, mode, locale, session_id } })); } catch { /* then a reload begins in the shop */ }
}
function recall(): Kept | null {
  try { return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as Kept | null; } catch { return null; }
}
