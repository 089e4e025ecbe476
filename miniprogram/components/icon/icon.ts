/** One of the icons in icon.wxss. */
Component({ properties: { name: { type: String, value: '' } } })
