/** One application: its decision with every reason and remedy, what happens next, and how it came so far. */
import * as api from '../../api/calls'
import type { ApplicationDetail } from '../../api/types'
import { applicationTone } from '../../domain/application-tone'
import { chinaTime } from '../../domain/dates'
import { percent, yuan } from '../../domain/money'
import { dress, load, undressed } from '../../stores/screen'
import type { Locale } from '../../stores/settings'
import { wordsOf, type Texts } from '../../texts/index'

const POLL_MS = 2000

Page({
  data: {
    ...undressed(), id: '', product: '', tone: '', tag: '', heading: '', rate: '', next: '', facts: [] as object[], hasLoan: false,
    waitingSource: false, reasonsHead: '', reasons: [] as object[], timeline: [] as object[],
  },
  timer: 0,

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
      this.setData({ ...applicationView(found, texts, locale), timeline: timelineView(found, texts) })
      if (found.next_step.kind.startsWith('wait_')) this.timer = setTimeout(() => this.read(), POLL_MS) as unknown as number
    })
  },

  goLoans() {
    void wx.navigateTo({ url: '/loans/list/list' })
  },
})

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
    heading: declined ? t.declinedTitle : approved ? t.approvedTitle(yuan(found.approved_fen ?? found.amount_fen)) : asked,
    rate: decision?.all_in_annual_rate ? percent(decision.all_in_annual_rate) : '',
    next: nextText(found, texts),
    facts: [
      { label: t.submitted, value: chinaTime(found.submitted_at) },
      { label: t.purpose, value: t.purposes[found.purpose] ?? found.purpose },
      ...(found.payee_name ? [{ label: t.payee, value: found.payee_name }] : []),
      ...(found.valid_until ? [{ label: t.validUntil, value: found.valid_until }] : []),
      { label: t.number, value: found.number },
      ...(declined ? [{ label: common.principal, value: asked }] : []),
    ],
    hasLoan: found.status === 'drawn' || found.status === 'closed',
    waitingSource: found.status === 'waiting_data',
    reasonsHead: declined ? t.declinedText : t.drivers,
    reasons: (declined ? decision?.reasons : decision?.drivers) ?? [],
  }
}

function nextText({ next_step: step }: ApplicationDetail, { application: t }: Texts): string {
  const inShop = step.who === 'customer' && ['confirm_costs', 'prepare_contract', 'sign_contract'].includes(step.kind)
  return inShop ? t.continueInShop : (t.nextSteps[step.kind] ?? '')
}

function timelineView({ timeline, next_step }: ApplicationDetail, { applications: t }: Texts): object[] {
  return timeline.map((step, index) => ({
    text: t.status[step.status] ?? step.status,
    time: chinaTime(step.occurred_at),
    now: index === timeline.length - 1 && next_step.kind !== 'none' && next_step.kind !== 'repay',
    key: index,
  }))
}
