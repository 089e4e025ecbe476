/** Progress of a loan, drawn as a boat between two banks. The counts stand in words beside it. */
Component({ properties: { percent: { type: Number, value: 0 }, label: { type: String, value: '' } } })
