/** Behaviour of single built-in components. */
import type { Control, Host } from './builtins'
import { globals, type Loose } from './dom'
import { newPhoneCode } from './wx/identity'
import { bankUrl } from './wx/request'

const fire = (component: Loose, type: string, detail: Loose): void => component.triggerEvent(type, detail, {})

export const button: Control = {
  properties: { type: String, size: String, plain: Boolean, disabled: Boolean, loading: Boolean, formType: String, openType: String, lang: String, name: String },
  role: 'button',
  attached: ({ element, component }) => {
    element.tabIndex = 0
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') element.click()
    })
    element.addEventListener('click', () => void pressed(component, element))
  },
  changed: ({ element }, name, value) => {
    if (name === 'disabled') element.setAttribute('aria-disabled', String(Boolean(value)))
  },
}

async function pressed(component: Loose, element: HTMLElement): Promise<void> {
  const { disabled, openType, formType } = component.data
  if (disabled) return
  if (openType === 'getPhoneNumber') fire(component, 'getphonenumber', await newPhoneCode())
  if (formType) element.closest('wx-form')?.dispatchEvent(new CustomEvent(`form-${formType}`))
}

export const form: Control = {
  properties: { reportSubmit: Boolean },
  attached: ({ element, component }) => {
    element.addEventListener('form-submit', () => {
      const fields = [...element.querySelectorAll<HTMLElement & Loose>('wx-input, wx-textarea')]
      const named = fields.map((field) => field.__wxElement).filter((field) => field?.data.name)
      fire(component, 'submit', { value: Object.fromEntries(named.map((field) => [field.data.name, field.field.value])) })
    })
  },
}

export const image: Control = {
  properties: { src: String, mode: String, lazyLoad: Boolean, webp: Boolean, showMenuByLongpress: Boolean },
  attached: ({ element, component }) => {
    const picture = document.createElement('img')
    picture.alt = ''
    picture.onload = () => fire(component, 'load', { width: picture.naturalWidth, height: picture.naturalHeight })
    picture.onerror = () => fire(component, 'error', { errMsg: 'GET fail' })
    component.picture = picture
    element.appendChild(picture)
  },
  changed: ({ component }, name, value) => {
    // a path from the root of the mini-program is a path from the folder of the preview
    if (name === 'src' && value) component.picture.src = /^https:/.test(value) ? bankUrl(value).href : String(value).replace(/^\//, './')
    if (name === 'mode') component.picture.style.objectFit = { aspectFill: 'cover', aspectFit: 'contain' }[String(value)] ?? 'fill'
  },
}

export const navigator: Control = {
  properties: { url: String, openType: String },
  role: 'link',
  attached: ({ element, data }) => {
    element.tabIndex = 0
    element.addEventListener('click', () => globals.wx[data.openType || 'navigateTo']({ url: data.url }))
  },
}

export const richText: Control = {
  properties: { nodes: null, space: String },
  changed: ({ element }, name, value) => {
    if (name === 'nodes' && typeof value === 'string') element.textContent = value
  },
}

export const scrollView: Control = {
  properties: { scrollX: Boolean, scrollY: Boolean, scrollTop: null, scrollLeft: null, scrollIntoView: String, enhanced: Boolean, showScrollbar: Boolean },
  attached: ({ element, component }) => {
    element.tabIndex = 0
    element.addEventListener('scroll', () => {
      const { scrollTop, scrollLeft, scrollHeight, scrollWidth } = element
      fire(component, 'scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth })
    })
  },
  changed: ({ element }, name, value) => {
    if (name === 'scrollTop') element.scrollTop = parseFloat(value) || 0
    if (name === 'scrollLeft') element.scrollLeft = parseFloat(value) || 0
  },
}

export const pageMeta: Control = {
  properties: { rootFontSize: String, pageStyle: String, backgroundTextStyle: String, backgroundColor: String },
  changed: ({ element }, name, value) => {
    if (name === 'rootFontSize') document.documentElement.style.fontSize = value
    if (name === 'pageStyle') element.closest('wx-page')?.setAttribute('style', value)
  },
}

export function textField(tag: 'input' | 'textarea'): Control {
  return {
    properties: {
      value: null, type: String, password: Boolean, placeholder: String, placeholderStyle: String, placeholderClass: String, disabled: Boolean,
      maxlength: Number, focus: Boolean, name: String, confirmType: String, cursorSpacing: Number, adjustPosition: Boolean, holdKeyboard: Boolean, autoHeight: Boolean, cursor: Number,
    },
    attached: ({ element, component }) => {
      const field = document.createElement(tag)
      component.field = field
      element.appendChild(field)
      listen(component, field)
    },
    changed: fieldChanged,
  }
}

function listen(component: Loose, field: HTMLInputElement | HTMLTextAreaElement): void {
  field.addEventListener('input', (event) => {
    event.stopPropagation()
    fire(component, 'input', { value: field.value, cursor: field.selectionStart, keyCode: 0 })
  })
  field.addEventListener('change', (event) => event.stopPropagation())
  field.addEventListener('focus', () => fire(component, 'focus', { value: field.value, height: 0 }))
  field.addEventListener('blur', () => fire(component, 'blur', { value: field.value }))
  field.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Enter') fire(component, 'confirm', { value: field.value })
  })
}

const INPUT_MODES: Record<string, string> = { digit: 'decimal', number: 'numeric', idcard: 'text' }

function fieldChanged({ element, component }: Host, name: string, value: Loose): void {
  const field = component.field as HTMLInputElement
  if (name === 'value' && field.value !== String(value ?? '')) field.value = String(value ?? '')
  else if (name === 'placeholder') field.placeholder = value
  else if (name === 'disabled') field.disabled = value
  else if (name === 'maxlength' && value > 0) field.maxLength = value
  else if (name === 'type') field.inputMode = INPUT_MODES[value] ?? 'text'
  else if (name === 'password') field.type = value ? 'password' : 'text'
  else if (name === 'focus' && value) field.focus()
  else if (name === 'ariaLabel') {
    field.setAttribute('aria-label', value)
    element.removeAttribute('aria-label')
  }
}
