/** The yearly rate: the first and largest price wherever one is shown. */
Component({ properties: { label: { type: String, value: '' }, rate: { type: String, value: '' }, note: { type: String, value: '' }, hero: { type: Boolean, value: false } } })
