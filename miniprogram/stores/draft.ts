/** What was chosen or typed for an application that is not sent yet. Numbers of persons stay in memory only. */
interface Chosen {
  handoffId: string
  enterpriseId: string
  termMonths: number
  method: string
}

const KEY = 'draft'
const NOTHING: Chosen = { handoffId: '', enterpriseId: '', termMonths: 0, method: '' }

function chosen(handoffId: string): Chosen {
  const kept = (wx.getStorageSync(KEY) as Chosen | '') || NOTHING
  return kept.handoffId === handoffId ? kept : { ...NOTHING, handoffId }
}

export const draft = {
  chosen,
  choose: (handoffId: string, change: Partial<Chosen>): void => wx.setStorageSync(KEY, { ...chosen(handoffId), ...change }),
  forget: (): void => wx.removeStorageSync(KEY),
}

export const typed = { name: '', idNo: '', uscc: '' }
