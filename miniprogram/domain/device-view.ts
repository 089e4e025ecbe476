/** Devices in words: what kind, where, when; pure. */
import type { Device } from '../api/types'
import type { Texts } from '../texts/index'
import { chinaTime } from './dates'

export interface DeviceView {
  id: string
  name: string
  facts: string
  remark: string
  end: string
}

/** "WeChat · iPhone" in the reader's language. */
export const deviceName = (device: string, { devices: t }: Texts): string =>
  device.split(' · ').map((part) => t.apps[part] ?? part).join(' · ')

export function deviceView(one: Device, texts: Texts): DeviceView {
  const { devices: t } = texts
  const name = deviceName(one.device, texts)
  const facts = [t.channels[one.channel], t.used(chinaTime(one.seen_at)), one.seen_from && t.from(one.seen_from)]
  return { id: one.id, name, facts: facts.filter(Boolean).join(' · '), remark: one.live ? '' : t.asleep, end: t.endName(name) }
}
