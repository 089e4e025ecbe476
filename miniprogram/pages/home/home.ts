/** The first screen: the one thing to do now, the loan in short, and the ways to everything else. */
import * as api from '../../api/calls'
import { ApiProblem } from '../../api/client'
import type { Loan, Product, Repayment } from '../../api/types'
import { today } from '../../domain/dates'
import { cardView, type CardView } from '../../domain/home-view'
import { inboxNote } from '../../domain/inbox-view'
import { percent, yuan } from '../../domain/money'
import { chooseNowCard } from '../../domain/now-card'
import { bankName } from '../../stores/bank'
import { dress, load, undressed } from '../../stores/screen'
import { session } from '../../stores/session'
import type { Locale } from '../../stores/settings'
import { unsettled } from '../../stores/unsettled'
import { wordsOf, type Texts } from '../../texts/index'

Page({
  data: {
    ...undressed(),
    card: null as CardView | null,
    loan: null as object | null,
    products: [] as object[],
    loansNote: '',
    applicationsNote: '',
    inboxTitle: '',
    inboxNote: '',
    unread: '',
  },

  onShow() {
    this.read()
  },

  read() {
    const { texts, locale } = dress(this, 'home')
    void this.nameBank(locale)
    return load(this, texts, () => (session.signedIn() ? this.readMine(texts, locale) : this.readOffers(texts, locale)))
  },

  async nameBank(locale: Locale) {
    const title = await bankName(locale)
    if (title) await wx.setNavigationBarTitle({ title })
  },

  async readOffers(texts: Texts, locale: Locale) {
    const { items } = await api.products()
    const card = cardView({ kind: 'sign_in' }, null, texts, locale)
    this.setData({ card, loan: null, products: items.map((one) => productView(one, texts, locale)) })
  },

  async readMine(texts: Texts, locale: Locale) {
    const [applications, loans, handoffs, open, inbox] = await Promise.all([api.applications(), api.loans(), api.handoffs(), unsettledRepayment(), api.inbox(locale, 1)])
    const facts = { signedIn: true, today: today(), applications: applications.items, loans: loans.items, handoffs: handoffs.items, unsettled: open }
    const chosen = chooseNowCard(facts)
    const detail = chosen.kind === 'instalment' ? await api.loan(chosen.loan.id) : null
    const active = loans.items.find((one) => one.status !== 'settled')
    this.setData({
      card: cardView(chosen, detail, texts, locale),
      loan: active ? loanView(active, texts) : null,
      products: [],
      loansNote: texts.home.loansNote(loans.items.length),
      inboxTitle: texts.inbox.title,
      inboxNote: inboxNote(inbox.items[0], texts),
      unread: inbox.unread_count ? texts.inbox.unread(inbox.unread_count) : '',
      applicationsNote: texts.home.applicationsNote(applications.items.length),
    })
  },
})

/** The repayment whose result was not known last time, if it still is not. */
async function unsettledRepayment(): Promise<Repayment | null> {
  const id = unsettled.id()
  if (!id) return null
  try {
    const found = await api.repayment(id)
    if (found.status === 'opened' || found.status === 'paying') return found
  } catch (problem) {
    if (!(problem instanceof ApiProblem) || problem.status !== 404) throw problem
  }
  unsettled.forget()
  return null
}

function loanView(loan: Loan, { home, loans, common }: Texts): object {
  return {
    id: loan.id,
    status: loan.overdue_days > 0 ? home.overdue(loan.overdue_days) : loans.active,
    tone: loan.overdue_days > 0 ? 'bad' : 'go',
    rate: percent(loan.all_in_annual_rate),
    facts: [
      { label: home.outstanding, value: `${yuan(loan.outstanding_principal_fen)} ${common.yuan}` },
      { label: home.principal, value: `${yuan(loan.principal_fen)} ${common.yuan}` },
    ],
  }
}

function productView(product: Product, { home }: Texts, locale: Locale): object {
  const [low, high] = [percent(product.lowest_annual_rate), percent(product.highest_annual_rate)]
  return {
    code: product.code,
    name: wordsOf(product.name, locale),
    rate: low === high ? low : `${low}–${high}`,
    terms: home.productTerms(yuan(product.min_fen), yuan(product.max_fen), Math.max(...product.terms_months)),
    summary: wordsOf(product.summary, locale),
  }
}
