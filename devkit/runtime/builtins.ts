/** The components that WeChat itself provides, as far as this mini-program and TDesign use them. */
import { BUILT_IN } from '../build/tags.mjs'
import type { Loose } from './dom'
import { button, form, image, navigator, pageMeta, richText, scrollView, textField } from './controls'

export interface Host {
  element: HTMLElement
  component: Loose
  data: Record<string, Loose>
}

export interface Control {
  properties: Record<string, Loose>
  role?: string
  attached?(host: Host): void
  changed?(host: Host, name: string, value: Loose): void
}

const COMMON = {
  hidden: Boolean, hoverClass: String, hoverStopPropagation: Boolean, hoverStartTime: Number, hoverStayTime: Number,
  ariaLabel: String, ariaRole: String, ariaLive: String, ariaHidden: null, ariaChecked: null, ariaDisabled: null,
  ariaBusy: null, ariaModal: null, ariaLevel: null, ariaExpanded: null, ariaSelected: null, ariaValuenow: null, ariaLabelledby: String,
}

const CONTROLS: Record<string, Control> = {
  button, form, image, navigator,
  input: textField('input'),
  textarea: textField('textarea'),
  'page-meta': pageMeta,
  'rich-text': richText,
  'scroll-view': scrollView,
}

export function defineBuiltIns(space: Loose, main: Loose): void {
  for (const tag of BUILT_IN) main.setGlobalUsingComponent(tag, define(space, tag, CONTROLS[tag] ?? { properties: {} }))
}

function define(space: Loose, tag: string, control: Control): Loose {
  const all: Record<string, Loose> = { ...COMMON, ...control.properties }
  const apply = (component: Loose, name: string, value: Loose): void => {
    const element = component.$$ as HTMLElement | undefined
    if (!element) return
    const handled = common(element, name, value) && name !== 'ariaLabel' // a text field hands its name on to the field inside
    if (!handled && component.attachedHere) control.changed?.({ element, component, data: component.data }, name, value)
  }
  const observed = Object.entries(all).map(([name, type]) => [
    name,
    { type, observer(this: Loose, value: Loose) { apply(this, name, value) } },
  ])
  return space.defineComponent({
    is: `builtin/${tag}`,
    options: { hostNodeTagName: `wx-${tag}`, dynamicSlots: false },
    properties: Object.fromEntries(observed),
    lifetimes: {
      attached(this: Loose) {
        const element = this.$$ as HTMLElement
        if (control.role && !element.hasAttribute('role')) element.setAttribute('role', control.role)
        this.attachedHere = true
        control.attached?.({ element, component: this, data: this.data })
        for (const name of Object.keys(all)) if (present(this.data[name])) apply(this, name, this.data[name])
      },
    },
  })
}

const present = (value: Loose): boolean => value !== undefined && value !== null && value !== '' && value !== false

/** Properties that every tag has; answers whether `name` is one. */
function common(element: HTMLElement, name: string, value: Loose): boolean {
  if (name === 'hidden') element.toggleAttribute('hidden', Boolean(value))
  else if (name.startsWith('aria')) {
    const attribute = name === 'ariaRole' ? 'role' : `aria-${name.slice(4).toLowerCase()}`
    if (value === '' || value === null || value === undefined) element.removeAttribute(attribute)
    else element.setAttribute(attribute, String(value))
  } else return name.startsWith('hover')
  return true
}
