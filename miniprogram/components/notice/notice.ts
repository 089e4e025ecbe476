/** One thing to know. `tone`: idle (our fault, or neutral), info, warn (act soon), bad (money or law). */
Component({ properties: { tone: { type: String, value: 'info' }, text: { type: String, value: '' } } })
