/** One reason of a decision: what it is, the data behind it, what is asked for, what changes it. */
import type { Reason } from '../../api/types'
import { settings } from '../../stores/settings'
import { textsOf, wordsOf } from '../../texts/index'

Component({
  properties: { reason: { type: Object, value: {} as Reason } },
  data: { words: {}, t: {} },
  observers: {
    reason(reason: Reason) {
      if (!reason.code) return
      const locale = settings.locale()
      const { application } = textsOf(locale)
      const { evidence } = reason
      this.setData({
        t: { requirement: application.requirement, fix: application.fix },
        words: {
          text: wordsOf(reason.text, locale),
          requirement: wordsOf(reason.requirement, locale),
          remedy: wordsOf(reason.remedy, locale),
          label: evidence ? wordsOf(evidence.label, locale) : '',
          value: evidence ? wordsOf(evidence.value, locale) : '',
          from: evidence ? application.evidenceFrom(wordsOf(evidence.source, locale), evidence.as_of) : '',
        },
      })
    },
  },
})
