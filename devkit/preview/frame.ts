/** Beside the phone: whose it is, what it scans, what arrives on it, and how a payment ends. */
interface Persona {
  code: string
  title: string
  person: { name: string; id_no: string; phone: string }
  enterprise: { name: string; uscc: string }
}

interface Message {
  sent_at: string
  text: string
  params: Record<string, string>
}

interface Code {
  path: string
  query: string
}

/** What stands in the page is Chinese; a browser in another language reads this. */
const ENGLISH: Record<string, string> = {
  title: 'Preview of the mini-program',
  about: 'The mini-program as it is, run in a browser. Signing in, the number and payments are the sandbox\'s WeChat: no real money moves.',
  persona: 'Whose phone this is',
  pay: 'When it comes to paying',
  ask: 'Ask me',
  ok: 'It is paid',
  cancel: 'It is cancelled',
  fail: 'It fails',
  scan: 'Scan (扫一扫)',
  scanFirst: 'When a code shows on the desktop, scan it here.',
  forget: 'Empty this phone',
  sms: 'SMS',
  sandbox: 'Sandbox: people, sources, payments, webhooks',
}
const CHINESE_READER = navigator.language.startsWith('zh')
const say = (chinese: string, english: string): string => (CHINESE_READER ? chinese : english)
const POLL_MS = 2000
const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T
const phone = find<HTMLIFrameElement>('phone')
const choice = find<HTMLSelectElement>('persona')
const pay = find<HTMLSelectElement>('pay')
let personas: Persona[] = []

const chosen = (): Persona | undefined => personas.find((one) => one.code === choice.value)

/** `page`: opened instead of the first one, as WeChat opens what a code or link names. */
function load(page = ''): void {
  const persona = chosen()
  if (!persona) return
  const query = new URLSearchParams({ persona: persona.code })
  if (pay.value) query.set('pay', pay.value)
  history.replaceState(null, '', `?persona=${persona.code}`)
  phone.src = 'about:blank'
  phone.src = `phone.html?${query}${page && `#/${page}`}`
  const facts = {
    [say('姓名', 'Name')]: persona.person.name,
    [say('身份证号', 'ID number')]: persona.person.id_no,
    [say('手机号', 'Mobile number')]: persona.person.phone,
    [say('企业', 'Business')]: persona.enterprise.name,
    [say('统一社会信用代码', 'Credit code')]: persona.enterprise.uscc,
  }
  find('facts').replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [element('dt', name), element('dd', value)]))
  void readInbox()
}

function element(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag)
  made.textContent = text
  return made
}

async function readInbox(): Promise<void> {
  const persona = chosen()
  if (!persona || document.hidden) return
  const response = await fetch(`/sandbox/api/sms?phone=${persona.person.phone}`)
  const { messages } = (await response.json()) as { messages: Message[] }
  const newest = messages.sort((a, b) => b.sent_at.localeCompare(a.sent_at)).slice(0, 5)
  const lines = newest.map(({ sent_at, text, params: { code } }) => {
    const line = element('li', '')
    const [before, after] = code ? text.split(code) : [text]
    line.append(element('small', new Date(sent_at).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai' })), before!)
    if (code) line.append(element('strong', code), after ?? '')
    return line
  })
  find('inbox').replaceChildren(...(lines.length ? lines : [element('li', say('还没有短信', 'No SMS yet'))]))
}

function forget(): void {
  Object.keys(localStorage).filter((key) => key.startsWith(`mini-program:${choice.value}:`)).forEach((key) => localStorage.removeItem(key))
  load()
}

/** The camera sees the newest code that WeChat has made of late, as if it were on the screen beside. */
async function scan(): Promise<void> {
  const { codes } = (await (await fetch('/sandbox/api/wechat/codes')).json()) as { codes: Code[] }
  const [newest] = codes
  find('scanned').textContent = newest
    ? say('扫到了最新的码。', 'The newest code was scanned.')
    : say('没有看到新的码：先在电脑上出一个。', 'No new code in sight: have one shown on the desktop first.')
  if (newest) load(`${newest.path}?${newest.query}`)
}

/** The page's own words for somebody who does not read Chinese. */
function translate(): void {
  if (CHINESE_READER) return
  document.documentElement.lang = 'en'
  document.title = 'Mini-program preview · Dukou'
  for (const node of document.querySelectorAll<HTMLElement>('[data-text]')) node.textContent = ENGLISH[node.dataset.text!]!
  phone.title = 'Mini-program'
}

async function start(): Promise<void> {
  translate()
  const response = await fetch('/sandbox/api/personas')
  personas = ((await response.json()) as { personas: Persona[] }).personas
  choice.replaceChildren(...personas.map((one) => new Option(`${one.person.name} · ${say(one.title, one.code)}`, one.code)))
  const asked = new URLSearchParams(location.search)
  choice.value = asked.get('persona') ?? 'good'
  choice.onchange = () => load()
  pay.onchange = () => load()
  find('scan').onclick = () => void scan()
  find('forget').onclick = forget
  setInterval(() => void readInbox(), POLL_MS)
  load(asked.get('open') ?? '')
}

void start()
