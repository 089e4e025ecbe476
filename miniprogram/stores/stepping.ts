/** What pages with one thing to do share: one tap at a time, and what went wrong in words above what was typed. */
import { ApiProblem } from '../api/client'
import { textsOf } from '../texts/index'
import { inOneLine, problemState, signedOut, signInAgain } from './screen'
import { settings } from './settings'

export interface Stepping {
  busy: boolean
  problem: string
}

interface Screen {
  data: Stepping
  setData(data: Partial<Stepping>): void
}

export const standingStill = (): Stepping => ({ busy: false, problem: '' })

/** A second tap while the first is under way does nothing; what was typed stays, whatever happens. */
export async function step(screen: Screen, work: () => Promise<void>): Promise<void> {
  if (screen.data.busy) return
  screen.setData({ busy: true, problem: '' })
  try {
    await work()
  } catch (problem) {
    const texts = textsOf(settings.locale())
    if (signedOut(problem)) return signInAgain(texts, problem)
    const { title, text, requestNumber } = problemState(problem, texts)
    const unanswered = problem instanceof ApiProblem && problem.kind === 'offline' // it may have been done: a repeat is harmless
    screen.setData({ problem: inOneLine(title, unanswered ? texts.common.offlineWriteText : text, requestNumber) })
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  } finally {
    screen.setData({ busy: false })
  }
}
