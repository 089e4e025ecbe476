// One way through the application. What comes next is read from the server's facts, so that it can be taken up anywhere.
import { reactive } from 'vue';
import { get, post, Refusal, type Result, tokens } from '../api/client';
import { arrival, type Context, framed, leave, open, shownView, tell, turnTo } from './entry';
import { locale, speak } from './text';


export type Application = Result<'get', '/customer/v1/applications/{application_id}'>;
export type Me = Result<'get', '/customer/v1/me'>;
export type Enterprise = Result<'get', '/customer/v1/enterprises'>['items'][number];
export type ConsentText = Result<'get', '/customer/v1/consent-texts'>['items'][number];
export type Loan = Result<'get', '/customer/v1/loans'>['items'][number];
export type Screen = 'loading' | 'end' | 'start' | 'handoff' | 'match' | 'phone' | 'code' | 'who' | 'basics' | 'identity' | 'enterprise' | 'sources' | 'bureau'
  | 'terms' | 'waiting' | 'declined' | 'offer' | 'costs' | 'contract' | 'confirm' | 'drawing' | 'done' | 'withdrawn' | 'expired' | 'standing' | 'manage' | 'explain';

const RETURNABLE = new Set<Screen>(['start', 'phone', 'who', 'basics', 'enterprise', 'sources', 'bureau', 'terms', 'offer', 'costs', 'contract']);
/** What each screen asks consent for. The credit record has one of its own: the law wants it given by itself. */
const CONSENTS = { basics: ['privacy_terms', 'identity_check'], sources: ['tax_data', 'invoice_data'], bureau: ['bureau_query'] };
export type ConsentScreen = keyof typeof CONSENTS;

export const journey = reactive({
  screen: 'loading' as Screen,
  trail: [] as Screen[],
  context: null as Context | null,
  me: null as Me | null,
  enterprises: [] as Enterprise[],
  enterprise: null as Enterprise | null,
  texts: [] as ConsentText[],
  given: new Set<string>(),
  application: null as Application | null,
  loan: null as Loan | null,
  busy: false,
  problem: null as Refusal | null,
  again: null as (() => Promise<void>) | null,
  /** Whose session has ended on the way: the same person goes on where they were. */
  expired: '',
  offline: !navigator.onLine,
  slow: false,
});
/** What the person has typed; in memory only. */
export const draft = reactive({ phone: '', codeId: '', resendAt: 0, name: '', idNo: '', uscc: '', termMonths: 0, method: '' });

/** One thing at a time: a second tap while the first is under way does nothing. */
export async function run(action: () => Promise<void>): Promise<void> {
  if (journey.busy) return;
  Object.assign(journey, { busy: true, problem: null, again: null });
  const timer = setTimeout(() => { journey.slow = true; }, 5000);
  try {
    await action();
  } catch (error) {
    await refused(error instanceof Refusal ? error : new Refusal(chunkMissing(error) ? 'network' : 'internal', 0), action);
  } finally {
    clearTimeout(timer);
    Object.assign(journey, { busy: false, slow: false });
  }
}

const chunkMissing = (error: unknown) => /import|fetch|load/i.test(String(error));

async function refused(refusal: Refusal, action: () => Promise<void>): Promise<void> {
  if (refusal.code === 'auth.session_invalid' || refusal.code === 'auth.phone_needed') {
    tokens.customer = '';
    Object.assign(journey, { expired: journey.me?.id ?? journey.expired, me: null, trail: [], screen: 'phone' });
    return;
  }
  if (refusal.code === 'embed.frame_session_invalid' && framed) {
    const failed = await open(look).then(() => null, (error: unknown) => error);
    if (!failed) return action().catch((error: unknown) => { journey.problem = error as Refusal; });
  }
  Object.assign(journey, { problem: refusal, again: refusal.temporary ? action : null });
  // of refusals the partner's page hears what it can mend itself; the others are between the customer and the bank
  if (refusal.temporary || /^(embed|partner)\./.test(refusal.code)) tell('error', { code: refusal.code, retryable: refusal.temporary, request_id: refusal.requestId });
  if (journey.screen === 'loading') journey.screen = 'end';
}

/** How deep the browser's own history is in our screens. */
let depth = 0;

/** Move on. The way back leads over screens that can be answered again. */
export function go(screen: Screen): void {
  if (screen === journey.screen) return;
  if (RETURNABLE.has(journey.screen)) {
    journey.trail.push(journey.screen);
    history.pushState({ depth: ++depth }, '');
  }
  journey.problem = null;
  journey.screen = screen;
  tell('apply.step', { step: screen });
}

/** Past this point there is no way back to what was answered before. */
export function settle(screen: Screen): void {
  journey.trail = [];
  journey.problem = null;
  journey.screen = screen;
  tell('apply.step', { step: screen });
}

export function back(): void {
  if (journey.trail.length) history.back();
}

addEventListener('popstate', ({ state }) => {
  const now = (state as { depth?: number } | null)?.depth ?? 0;
  if (now < depth && journey.busy) return history.forward();
  if (now > depth) return history.back(); // what was gone back over is answered anew, not gone forward to
  if (now === depth) return;
  depth = now;
  const before = journey.trail.pop();
  journey.problem = null;
  if (before) journey.screen = before;
  else leave('back');
});
addEventListener('online', () => { journey.offline = false; });
addEventListener('offline', () => { journey.offline = true; });

/** Whether the partner's page has ever set tokens: until then the part that checks them is not loaded. */
let dressed = false;

export function look(wanted: { locale?: unknown; theme?: unknown; tokens?: unknown }): void {
  if (wanted.theme === 'light' || wanted.theme === 'dark') document.documentElement.dataset.theme = wanted.theme;
  if (typeof wanted.locale === 'string') void speak(wanted.locale);
  if (wanted.tokens && (dressed ||= Object.keys(wanted.tokens).length > 0)) void import('./tokens').then(({ wear }) => wear(wanted.tokens));
}

const FIRST: Partial<Record<string, Screen>> = { offer: 'standing', manage: 'manage', handoff: 'handoff', explain: 'explain' };
/** Another of the windows that this session may show. */
export function turn(to: 'apply' | 'manage'): Promise<void> | void {
  turnTo(to);
  return journey.me ? next() : go(to === 'apply' ? 'start' : 'manage');
}

/** Open the session and show who asks, before anything personal. */
export async function begin(): Promise<void> {
  const context = await open(look);
  if (!context) return settle('explain');
  journey.context = context;
  if (!framed) await speak(context.locale);
  if (framed && (context.mode === 'qr' || arrival.mode === 'qr')) return settle('handoff');
  if (arrival.matchNumber) return settle('match');
  if (arrival.wechatCode) return signedIn(await post('/customer/v1/sign-in/wechat', { body: { one_time_code: arrival.wechatCode } }));
  settle(FIRST[shownView()] ?? 'start');
  if (arrival.wechatError) throw new Refusal(arrival.wechatError, 422);
}

type SignedIn = Result<'post', '/customer/v1/sign-in/phone'>;
export async function signedIn(told: SignedIn): Promise<void> {
  tokens.customer = told.token;
  if (told.phone_needed) return go('phone');
  journey.me = await get('/customer/v1/me');
  journey.trail = [];
  const same = journey.expired === journey.me.id;
  journey.expired = draft.codeId = '';
  if (same) return next();
  Object.assign(draft, { name: '', idNo: '', uscc: '' }); // somebody else's, perhaps
  settle('who');
}

/** The texts to agree to, in the reader's language: what is agreed to is what was read. */
export async function readTexts(): Promise<void> {
  journey.texts = (await get('/customer/v1/consent-texts', { query: { locale: locale.value === 'en' ? 'en' : 'zh-CN' } })).items;
}

/** Everything the next step depends on, read anew. */
async function facts(): Promise<void> {
  const [context, me, enterprises, given] = await Promise.all([
    get('/embed/v1/context'), get('/customer/v1/me'), get('/customer/v1/enterprises'),
    get('/customer/v1/consents', { query: { limit: '100' } }), readTexts(),
  ]);
  Object.assign(journey, { context, me, enterprises: enterprises.items });
  journey.given = new Set(given.items.filter((one) => !one.withdrawn_at).map((one) => consentKey(one.kind, one.enterprise_id)));
}
const consentKey = (kind: string, enterpriseId: string | null) => `${kind}:${enterpriseId ?? ''}`;
export const isGiven = (text: ConsentText) => journey.given.has(consentKey(text.kind, text.about_enterprise ? journey.enterprise?.id ?? '' : null));
export const textsOf = (screen: ConsentScreen) => journey.texts.filter((text) => CONSENTS[screen].includes(text.kind));
const missing = (screen: ConsentScreen) => textsOf(screen).some((text) => !isGiven(text));

/** Where the person stands, by the server's word. */
export async function next(): Promise<void> {
  await facts();
  const own = FIRST[shownView()];
  if (own) return settle(own);
  const known = journey.context?.order?.application_id;
  if (known) return follow(known);
  if (journey.me?.level !== 'identified') return go(missing('basics') ? 'basics' : 'identity');
  if (!journey.enterprise || !journey.enterprises.some((one) => one.id === journey.enterprise?.id)) return go('enterprise');
  go(missing('sources') ? 'sources' : missing('bureau') ? 'bureau' : 'terms');
}

export async function consent(text: ConsentText): Promise<void> {
  if (text.kind === 'direct_debit') return; // agreed to with its mandate, where the account is named
  const enterprise_id = text.about_enterprise ? journey.enterprise!.id : null;
  await post('/customer/v1/consents', { body: { kind: text.kind, text_version: text.version, text_sha256: text.sha256, enterprise_id, partner_id: null } });
  journey.given.add(consentKey(text.kind, enterprise_id));
}

/** Read the application and show the screen of its state. */
export async function follow(applicationId: string): Promise<void> {
  const application = await get('/customer/v1/applications/{application_id}', { path: { application_id: applicationId } });
  settle(await placed(application));
}

/** The screen of an application's state. */
export async function placed(application: Application): Promise<Screen> {
  journey.application = application;
  switch (application.status) {
    case 'submitted': case 'deciding': case 'waiting_data': return 'waiting';
    case 'declined': return 'declined';
    case 'approved': return 'offer';
    case 'signing': return application.contract?.status === 'customer_signed' ? 'drawing' : 'contract';
    case 'effective': return 'drawing';
    case 'drawn': case 'closed': {
      const loans = await get('/customer/v1/loans', { query: { limit: '50' } });
      journey.loan = loans.items.find((loan) => loan.application_id === application.id) ?? null;
      return journey.loan ? 'done' : 'drawing';
    }
    case 'withdrawn': return 'withdrawn';
    default: return 'expired';
  }
}

/** The number of the step of four that a screen belongs to; 0 where no step is shown. */
export function stepOf(screen: Screen): number {
  if (['start', 'phone', 'code', 'who'].includes(screen)) return 1;
  if (['basics', 'identity', 'enterprise'].includes(screen)) return 2;
  if (['sources', 'bureau', 'terms', 'waiting'].includes(screen)) return 3;
  return ['offer', 'costs', 'contract', 'confirm'].includes(screen) ? 4 : 0;
}
