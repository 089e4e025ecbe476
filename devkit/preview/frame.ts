/** Beside the phone: whose it is, what arrives on it, and how a payment ends. */
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

const POLL_MS = 2000
const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T
const phone = find<HTMLIFrameElement>('phone')
const choice = find<HTMLSelectElement>('persona')
const pay = find<HTMLSelectElement>('pay')
let personas: Persona[] = []

const chosen = (): Persona | undefined => personas.find((one) => one.code === choice.value)

function load(): void {
  const persona = chosen()
  if (!persona) return
  const query = new URLSearchParams({ persona: persona.code })
  if (pay.value) query.set('pay', pay.value)
  history.replaceState(null, '', `?persona=${persona.code}`)
  phone.src = `phone.html?${query}`
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

async function start(): Promise<void> {
  const response = await fetch('/sandbox/api/personas')
  personas = ((await response.json()) as { personas: Persona[] }).personas
  choice.replaceChildren(...personas.map((one) => new Option(`${one.person.name} · ${one.code}`, one.code)))
  choice.value = new URLSearchParams(location.search).get('persona') ?? 'good'
  choice.onchange = load
  pay.onchange = load
  find('forget').onclick = forget
  setInterval(() => void readInbox(), POLL_MS)
  load()
}

void start()
