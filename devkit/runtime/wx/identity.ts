/** Who holds the phone, and what WeChat's servers say about them: the sandbox answers. */
import { answer } from './answers'
import { showModal } from './screen'
import type { Loose } from '../dom'

const query = new URLSearchParams(location.search)
export const persona = query.get('persona') ?? 'good'
const LOGIN_LIFE_MS = 60_000

/** POST to the sandbox's control API; throws when it refuses or cannot be reached. */
async function sandbox(path: string, body: unknown): Promise<Loose> {
  const response = await fetch(`/sandbox/api${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, ...(await response.json()) }
}

export async function login(options: Loose): Promise<Loose> {
  try {
    const { code } = await sandbox('/wechat/login-codes', { persona, app: 'mini' })
    return answer(options, { errMsg: 'login:ok', code, expiresIn: LOGIN_LIFE_MS })
  } catch {
    return answer(options, { errMsg: 'login:fail network error' })
  }
}

/** What the phone-number button hands to its page. */
export async function newPhoneCode(): Promise<Loose> {
  if (query.get('phone') === 'deny') return { errMsg: 'getPhoneNumber:fail user deny' }
  try {
    const { code } = await sandbox('/wechat/phone-codes', { persona })
    return { errMsg: 'getPhoneNumber:ok', code }
  } catch {
    return { errMsg: 'getPhoneNumber:fail network error' }
  }
}

/** The payment sheet asks the person first, as WeChat's does; `?pay=ok|cancel|fail` answers in their place. */
export async function requestPayment(options: Loose): Promise<Loose> {
  const { timeStamp, nonceStr, package: prepay, signType, paySign } = options
  const outcome = query.get('pay') || (await askToPay())
  try {
    const told = await sandbox('/wechat/request-payment', { persona, params: { timeStamp, nonceStr, package: prepay, signType, paySign }, outcome })
    return answer(options, { errMsg: told.errMsg ?? `requestPayment:fail ${told.detail ?? told.status}` })
  } catch {
    return answer(options, { errMsg: 'requestPayment:fail network error' })
  }
}

function askToPay(): Promise<'ok' | 'cancel'> {
  const sheet = document.getElementById('payment') as HTMLDialogElement
  sheet.returnValue = ''
  sheet.showModal()
  return new Promise((resolve) => {
    sheet.onclose = () => resolve(sheet.returnValue === 'ok' ? 'ok' : 'cancel')
  })
}

/** WeChat's question about messages; what is allowed, the sandbox's WeChat counts and tells the bank. */
export async function requestSubscribeMessage(options: Loose): Promise<Loose> {
  const ids: string[] = options.tmplIds
  const question = { title: '一次性订阅消息 / Messages', content: `${ids.length} × 1`, confirmText: '允许', cancelText: '取消' }
  const { confirm } = await showModal(question)
  if (confirm) await Promise.all(ids.map((id) => sandbox('/wechat/grants', { persona, template_id: id })))
  const told = Object.fromEntries(ids.map((id) => [id, confirm ? 'accept' : 'reject']))
  return answer(options, { errMsg: 'requestSubscribeMessage:ok', ...told })
}
