// The one person of this page: who is signed in, which screen, one thing at a time. The token is in memory only.
import { reactive } from 'vue';
import { get, post, Refusal, type Result, tokens } from '../api/client';

export type Screen = 'in' | 'home' | 'devices' | 'phone' | 'consents';
type SignedIn = Result<'post', '/customer/v1/sign-in/phone'>;
const ENDED = ['elsewhere', 'phone_changed'];

export const state = reactive({
  screen: 'in' as Screen,
  me: null as Result<'get', '/customer/v1/me'> | null,
  busy: false,
  problem: null as Refusal | null,
  /** Why the last session is over: `elsewhere`, `phone_changed`, `expired`; empty before the first one. */
  over: '',
  /** WeChat knows who it is, the phone is asked for still. */
  waiting: false,
});

/** One thing at a time: a second tap while the first is under way does nothing. */
export async function run(action: () => Promise<void>): Promise<void> {
  if (state.busy) return;
  Object.assign(state, { busy: true, problem: null });
  try {
    await action();
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal('internal');
    if (refusal.code.startsWith('auth.session_invalid')) leave(ENDED.includes(String(refusal.context.why)) ? String(refusal.context.why) : 'expired');
    else state.problem = refusal;
  } finally {
    state.busy = false;
  }
}

function leave(over: string): void {
  tokens.customer = '';
  Object.assign(state, { me: null, over, waiting: false, screen: 'in' });
}

export function go(screen: Screen): void {
  if (screen !== 'home' && state.screen === 'home') history.pushState({}, '');
  Object.assign(state, { screen, problem: null });
}
addEventListener('popstate', () => { if (state.me) Object.assign(state, { screen: 'home', problem: null }); });

export async function signedIn(told: SignedIn): Promise<void> {
  tokens.customer = told.token;
  state.waiting = told.phone_needed;
  if (told.phone_needed) { state.over = told.ended_elsewhere ? 'elsewhere' : ''; return; }
  state.me = await get('/customer/v1/me');
  Object.assign(state, { over: '', screen: 'home' });
}

/** WeChat's page has come back with a code that is used once and stays nowhere. */
export async function begin(): Promise<void> {
  const given = new URLSearchParams(location.hash.slice(1));
  history.replaceState(null, '', location.pathname + location.search);
  const [code, error] = [given.get('wechat_code'), given.get('wechat_error')];
  if (error) throw new Refusal(error, 422);
  if (code) await signedIn(await post('/customer/v1/sign-in/wechat', { body: { one_time_code: code } }));
}

export async function toWechat(): Promise<void> {
  location.assign((await post('/customer/v1/sign-in/wechat/start', { body: { return_path: '/embed/v1/account' } })).authorize_url);
}
