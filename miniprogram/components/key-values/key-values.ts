/** Facts: a name on the left, its value on the right; they wrap when the text is large. */
Component({ properties: { rows: { type: Array, value: [] } } })
