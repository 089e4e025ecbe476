/** Beside the phone: whose it is, what it scans, what arrives on it, and how a payment ends. */
interface Persona {
  code: string
  person: { name: string; id_no: string; phone: string }
  enterprise: { name: string; uscc: string }
}

interface Message {
  received_at: string
  template: string
  params: Record<string, string>
}

interface Code {
  path: string
  query: string
}

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
  const facts = { 姓名: persona.person.name, 身份证号: persona.person.id_no, 手机号: persona.person.phone, 企业: persona.enterprise.name, 统一社会信用代码: persona.enterprise.uscc }
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
  const newest = messages.sort((a, b) => b.received_at.localeCompare(a.received_at)).slice(0, 5)
  const lines = newest.map((one) => element('li', `${new Date(one.received_at).toLocaleTimeString('zh-CN')}  ${Object.values(one.params).join(' · ')}`))
  find('inbox').replaceChildren(...(lines.length ? lines : [element('li', '还没有短信')]))
}

function forget(): void {
  Object.keys(localStorage).filter((key) => key.startsWith(`mini-program:${choice.value}:`)).forEach((key) => localStorage.removeItem(key))
  load()
}

/** The camera sees the newest code that WeChat has made of late, as if it were on the screen beside. */
async function scan(): Promise<void> {
  const { codes } = (await (await fetch('/sandbox/api/wechat/codes')).json()) as { codes: Code[] }
  const [newest] = codes
  find('scanned').textContent = newest ? '扫到了最新的码。' : '没有看到新的码：先在电脑上出一个。'
  if (newest) load(`${newest.path}?${newest.query}`)
}

async function start(): Promise<void> {
  const response = await fetch('/sandbox/api/personas')
  personas = ((await response.json()) as { personas: Persona[] }).personas
  choice.replaceChildren(...personas.map((one) => new Option(`${one.person.name} · ${one.code}`, one.code)))
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
