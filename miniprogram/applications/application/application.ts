/** One application: its decision with every reason and remedy, what happens next, and how it came so far. */
import * as api from '../../api/calls'
import type { ApplicationDetail } from '../../api/types'
import { applicationTone } from '../../domain/application-tone'
import { chinaTime } from '../../domain/dates'
import { percent, yuan } from '../../domain/money'
import { applicationPage } from '../../domain/next-step'
import type { Moment } from '../../domain/reminding'
import { dress, load, undressed } from '../../stores/screen'
import { standingStill, step } from '../../stores/stepping'
import { settings, type Locale } from '../../stores/settings'
import { textsOf, wordsOf, type Texts } from '../../texts/index'

const POLL_MS = 2000

Page({
  data: {
    ...undressed(), ...standingStill(), id: '', product: '', tone: '', tag: '', heading: '', moment: '', rate: '', next: '', facts: [] as object[], action: '', crossing: 0,
    crossingText: '', bank: [] as string[], remark: '', canAsk: false, review: '', words: '', wrong: '', waitingSource: '', reasonsHead: '', reasons: [] as object[], timeline: [] as object[],
  },
  timer: 0,
  known: null as ApplicationDetail | null,

  onLoad(query: Record<string, string>) {
    this.setData({ id: query.id })
  },

  onShow() {
    this.read()
  },

  onHide() {
    clearTimeout(this.timer)
  },

  onUnload() {
    clearTimeout(this.timer)
  },

  read() {
    clearTimeout(this.timer)
    const { texts, locale } = dress(this, 'application')
    return load(this, texts, async () => {
      const found = await api.application(this.data.id)
      this.known = found
      this.setData({ ...applicationView(found, texts, locale), timeline: timelineView(found, texts) })
      if (found.next_step.kind.startsWith('wait_')) this.timer = setTimeout(() => this.read(), POLL_MS) as unknown as number
    })
  },

  onWords(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ words: event.detail.value })
  },

  /** A person of the bank looks at the refusal again; asking twice is asking once. */
  askAgain() {
    const words = this.data.words.trim()
    this.setData({ wrong: words ? '' : textsOf(settings.locale()).application.reviewWrong })
    return !words ? undefined : step(this, async () => {
      await api.askForReview(this.data.id, words)
      await this.read()
    })
  },

  /** On to the next step; of a loan that was paid out, to the loan. */
  async go() {
    const found = this.known as ApplicationDetail
    if (!hasLoan(found)) return void wx.navigateTo({ url: applicationPage(found) })
    const loan = (await api.loans().catch(() => null))?.items.find((one) => one.application_id === found.id)
    return void wx.navigateTo({ url: loan ? `/loans/loan/loan?id=${loan.id}` : '/loans/list/list' })
  },
})

const hasLoan = ({ status }: ApplicationDetail): boolean => status === 'drawn' || status === 'closed'

function applicationView(found: ApplicationDetail, texts: Texts, locale: Locale): object {
  const { application: t, applications, common } = texts
  const { decision } = found
  const approved = decision?.outcome === 'approved'
  const declined = decision?.outcome === 'declined'
  const asked = applications.amount(yuan(found.amount_fen), found.term_months)
  return {
    product: wordsOf(found.product_name, locale),
    tone: applicationTone(found.status),
    tag: applications.status[found.status] ?? found.status,
    heading: t.headings[found.status] ?? (declined ? t.declinedTitle : approved ? t.approvedTitle(yuan(found.approved_fen ?? found.amount_fen)) : asked),
    moment: MOMENTS[found.status] ?? '',
    rate: decision?.all_in_annual_rate ? percent(decision.all_in_annual_rate) : '',
    next: t.nextSteps[found.next_step.kind] ?? t.ended[found.status] ?? '',
    action: actionText(found, texts),
    remark: remarkOf(found, texts),
    canAsk: declined && !found.review,
    review: found.review ? (t.reviews[found.review.status]?.(found.review.due_on, found.review.answer ?? '') ?? '') : '',
    crossing: CROSSING[found.status] ?? 0,
    crossingText: applications.status[found.status] ?? '',
    bank: [applications.status.submitted, applications.status.drawn],
    facts: [
      { label: t.submitted, value: chinaTime(found.submitted_at) },
      { label: t.purpose, value: t.purposes[found.purpose] ?? found.purpose },
      ...(found.payee_name ? [{ label: t.payee, value: found.payee_name }] : []),
      ...(found.valid_until && found.status === 'approved' ? [{ label: t.validUntil, value: found.valid_until }] : []),
      { label: t.number, value: found.number },
      ...(declined || t.headings[found.status] ? [{ label: common.principal, value: asked }] : []),
    ],
    waitingSource: found.status === 'waiting_data' ? t.waitingSource(sourceNames(found, t.sources)) : '',
    reasonsHead: declined ? t.declinedText : t.drivers,
    reasons: (declined ? decision?.reasons : found.status === 'approved' ? decision?.drivers : null) ?? [],
  }
}

/** Parts of the way that lie behind, in percent: sent, approved, signed, paid out. */
const CROSSING: Record<string, number> = { submitted: 12, deciding: 25, waiting_data: 25, approved: 50, signing: 62, effective: 80, drawn: 100 }

/** What is offered to be told in WeChat: the payout once it is signed, the due days once it was paid out. */
const MOMENTS: Record<string, Moment> = { effective: 'signed', drawn: 'paid' }

function actionText(found: ApplicationDetail, { application: t }: Texts): string {
  if (hasLoan(found)) return t.toLoan
  return applicationPage(found).includes('/application/') ? '' : (t.actions[found.next_step.kind] ?? '')
}

function remarkOf(found: ApplicationDetail, { application: t }: Texts): string {
  const short = found.status === 'approved' && found.pays_order && (found.approved_fen ?? found.amount_fen) < found.amount_fen
  if (short) return t.tooLittle
  return found.pays_order && found.status === 'drawn' ? t.shopKnows : ''
}

function sourceNames({ waiting_for: asked }: ApplicationDetail, names: Record<string, string>): string {
  return [...new Set(asked.map((one) => names[one.split('_')[0]] ?? names.other))].join(names.between)
}

function timelineView({ timeline, next_step }: ApplicationDetail, { applications: t }: Texts): object[] {
  return timeline.map((step, index) => ({
    text: t.status[step.status] ?? step.status,
    time: chinaTime(step.occurred_at),
    now: index === timeline.length - 1 && next_step.kind !== 'none' && next_step.kind !== 'repay',
    key: index,
  }))
}
