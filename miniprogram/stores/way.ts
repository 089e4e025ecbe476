/** The way to a loan: what the bank knows of the person, and on to the page of the next step. */
import * as api from '../api/calls'
import { consentKey, nextPage, type Standing } from '../domain/next-step'
import { draft } from './draft'
import type { Locale } from './settings'

export async function standing(handoffId: string, locale: Locale): Promise<Standing> {
  const [handoff, me, { items: enterprises }, { items: texts }, { items: given }] = await Promise.all([
    api.handoff(handoffId), api.me(), api.enterprises(), api.consentTexts(locale), api.consents(),
  ])
  const keys = given.filter((one) => !one.withdrawn_at).map((one) => consentKey(one.kind, one.enterprise_id))
  return { handoff, me, enterprises, texts, given: new Set(keys), enterpriseId: draft.chosen(handoffId).enterpriseId }
}

/** Steps replace each other, so that going back leads to where the person came from, not through answered questions. */
export async function goOn(handoffId: string, locale: Locale): Promise<void> {
  void wx.redirectTo({ url: nextPage(await standing(handoffId, locale)) })
}
