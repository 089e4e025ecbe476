/** WeChat puts touches on the event object itself; sliders and switches read them there. */
import type { Loose } from './dom'

interface Point {
  identifier: number
  pageX: number
  pageY: number
  clientX: number
  clientY: number
}

const point = (from: Touch | MouseEvent): Point => ({
  identifier: 'identifier' in from ? from.identifier : 0,
  pageX: from.pageX,
  pageY: from.pageY,
  clientX: from.clientX,
  clientY: from.clientY,
})

export function withTouches(options: Loose): Loose {
  const event: Event | undefined = options.originalEvent
  if (typeof TouchEvent !== 'undefined' && event instanceof TouchEvent) {
    options.extraFields = { touches: Array.from(event.touches, point), changedTouches: Array.from(event.changedTouches, point) }
  } else if (event instanceof MouseEvent) {
    options.extraFields = { touches: [point(event)], changedTouches: [point(event)] }
  }
  return options
}
