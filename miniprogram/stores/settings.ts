/** What the person chose for this phone: the language and the size of the text. */
export type Locale = 'zh-CN' | 'en'
export type TextSize = 'normal' | 'large' | 'largest'

const PERCENT: Record<TextSize, number> = { normal: 100, large: 125, largest: 200 }
const ROOT_PX = 16

interface Kept {
  locale?: Locale
  textSize?: TextSize
}

const kept = (): Kept => (wx.getStorageSync('settings') as Kept | '') || {}
const keep = (change: Kept): void => wx.setStorageSync('settings', { ...kept(), ...change })

export const settings = {
  locale: (): Locale => kept().locale ?? (wx.getAppBaseInfo().language?.startsWith('en') ? 'en' : 'zh-CN'),
  textSize: (): TextSize => kept().textSize ?? 'normal',
  setLocale: (locale: Locale): void => keep({ locale }),
  setTextSize: (textSize: TextSize): void => keep({ textSize }),
  /** For <page-meta root-font-size>: every text is sized in rem. */
  rootFontSize: (): string => `${(ROOT_PX * PERCENT[kept().textSize ?? 'normal']) / 100}px`,
}
