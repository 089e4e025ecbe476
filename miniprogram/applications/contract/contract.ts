/** The contract: what it says in short, the document itself, what to watch out for; then a code to sign with. */
import * as api from '../../api/calls'
import type { ApplicationDetail, Contract } from '../../api/types'
import { percent, yuan } from '../../domain/money'
import { applicationPage } from '../../domain/next-step'
import { openContract } from '../../stores/documents'
import { dress, load, undressed } from '../../stores/screen'
import { settings } from '../../stores/settings'
import { signing } from '../../stores/signing'
import { standingStill, step } from '../../stores/stepping'
import { textsOf, type Texts } from '../../texts/index'

Page({
  data: {
    ...undressed(), ...standingStill(), rate: '', facts: [] as object[], number: '', clauses: [] as object[], opened: false, agreed: false, blocked: '', lang: '',
  },
  id: '',
  known: null as Contract | null,

  onLoad(query: Record<string, string>) {
    this.id = query.id
  },

  onShow() {
    this.read()
  },

  read() {
    const { texts } = dress(this, 'contract')
    return load(this, texts, async () => {
      const found = await api.application(this.id)
      const page = applicationPage(found)
      if (!page.startsWith('/applications/contract/')) return void wx.redirectTo({ url: page })
      this.known = found.status === 'signing' && found.contract ? found.contract : await api.prepareContract(this.id)
      this.setData(contractView(found, this.known, texts))
      this.show({})
    })
  },

  show(change: { opened?: boolean; agreed?: boolean }) {
    const { contract: t } = textsOf(settings.locale())
    const { opened, agreed } = { ...this.data, ...change }
    this.setData({ opened, agreed, blocked: !opened ? t.openFirst : !agreed ? t.tickFirst : '' })
  },

  open() {
    return step(this, async () => {
      const { id, document_path: path, document_sha256: sha256 } = this.known as Contract
      await openContract(path, sha256 ?? '', this.id)
      signing.read(this.id, id, sha256 ?? '')
      this.show({ opened: true })
    })
  },

  agree() {
    this.show({ agreed: !this.data.agreed })
  },

  next() {
    return step(this, async () => {
      signing.sent(await api.sendCode('sign_contract', (this.known as Contract).id))
      void wx.navigateTo({ url: '/applications/sign/sign' })
    })
  },
})

function contractView(found: ApplicationDetail, { agreement, emphasised, number }: Contract, { contract: t, common, application }: Texts): object {
  const sheet = found.cost_sheet?.body
  return {
    number: t.document(number),
    rate: percent(agreement.annual_rate),
    facts: [
      { label: t.borrow, value: `${yuan(agreement.principal_fen)} ${common.yuan}` },
      ...(sheet ? [{ label: t.repay, value: t.repayText(sheet.instalments.filter((row) => row.principal_fen).length, yuan(sheet.examples.normal.first_payment_fen)) }, { label: t.firstDue, value: sheet.instalments[0]?.due_on ?? '' }] : []),
      ...(found.payee_name ? [{ label: t.paidTo, value: found.payee_name }] : []),
      { label: t.purpose, value: application.purposes[found.purpose] ?? found.purpose },
    ],
    clauses: emphasised.map((clause, index) => ({ ...clause, number: index + 1 })),
  }
}
