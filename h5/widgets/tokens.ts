// The partner's own look, in bounds: names from one list, values of one kind each, no text that cannot be read.
const RGB = /^rgb\((\d{1,3}), ?(\d{1,3}), ?(\d{1,3})\)$/;
const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;
const FACE = /^[\w\u4e00-\u9fff -]{1,40}$/;
type Rule = [property: string, check: (value: string) => string | null];

const colour = (value: string) => {
  const found = HEX.exec(value)?.slice(1).map((part) => parseInt(part, 16)) ?? RGB.exec(value)?.slice(1).map(Number);
  return found?.every((part) => part < 256) ? `#${found.map((part) => part.toString(16).padStart(2, '0')).join('')}` : null;
};
const within = (low: number, high: number, unit: string) => (value: string) => {
  const found = new RegExp(`^(\\d{1,3}(?:\\.\\d{1,3})?)${unit}$`).exec(value);
  return found && Number(found[1]) >= low && Number(found[1]) <= high ? value : null;
};
const faces = (value: string) => (value.split(',').every((one) => FACE.test(one.trim())) ? `${value.split(',').map((one) => (/^(system-ui|sans-serif|serif|ui-sans-serif)$/.test(one.trim()) ? one.trim() : `"${one.trim()}"`)).join(',')},sans-serif` : null);
const words = (...known: string[]) => (value: string) => (known.includes(value) ? value : null);

/** Every token a partner may set: colours by day and, with `Dark`, by night. */
export const TOKENS: Record<string, Rule> = {
  colorPrimary: ['--dk-brand', colour], colorPrimaryActive: ['--dk-brand-press', colour], colorOnPrimary: ['--dk-on-brand', colour], colorLink: ['--dk-brand-text', colour],
  colorPrimaryWash: ['--dk-brand-1', colour], colorProgress: ['--dk-brand-6', colour], colorPage: ['--dk-page', colour], colorSurface: ['--dk-surface', colour], colorSunken: ['--dk-sunken', colour],
  colorBorder: ['--dk-line', colour], colorBorderStrong: ['--dk-line-strong', colour], colorControl: ['--dk-control', colour],
  colorText: ['--dk-text', colour], colorTextSecondary: ['--dk-text-2', colour], colorTextMuted: ['--dk-text-3', colour],
  colorSuccess: ['--dk-ok', colour], colorSuccessWash: ['--dk-ok-wash', colour], colorWarning: ['--dk-warn', colour], colorWarningWash: ['--dk-warn-wash', colour],
  colorDanger: ['--dk-bad', colour], colorDangerWash: ['--dk-bad-wash', colour], colorNeutral: ['--dk-idle', colour], colorNeutralWash: ['--dk-idle-wash', colour],
  radius: ['--dk-r-m', within(0, 16, 'px')], radiusSmall: ['--dk-r-s', within(0, 16, 'px')], radiusCard: ['--dk-r-l', within(0, 24, 'px')],
  spaceSmall: ['--dk-s-2', within(4, 16, 'px')], spaceMedium: ['--dk-s-3', within(8, 20, 'px')], spaceLarge: ['--dk-s-4', within(10, 32, 'px')], tapSize: ['--dk-tap', within(44, 64, 'px')],
  fontFamily: ['--dk-font', faces], fontSize: ['font-size', within(14, 24, 'px')], motion: ['--dk-fast', words('0ms', '120ms', '200ms')],
};
/** Pairs that are read one on the other, with the tokens that stand there when nobody sets them. */
const READ: [string, string][] = [
  ['--dk-on-brand', '--dk-brand'], ['--dk-brand-text', '--dk-surface'], ['--dk-text', '--dk-surface'], ['--dk-text', '--dk-page'], ['--dk-text-2', '--dk-surface'], ['--dk-text-2', '--dk-page'],
  ['--dk-text-3', '--dk-surface'], ['--dk-text-3', '--dk-page'], ['--dk-ok', '--dk-ok-wash'], ['--dk-warn', '--dk-warn-wash'], ['--dk-bad', '--dk-bad-wash'], ['--dk-idle', '--dk-idle-wash'], ['--dk-brand-text', '--dk-page'],
];
const MIN_CONTRAST = 4.5; // WCAG 2.2, 1.4.3

function luminance(hex: string): number {
  const [r, g, b] = HEX.exec(hex)!.slice(1).map((part) => parseInt(part, 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Which of these may be worn, as properties; what is unknown, of the wrong kind or not readable is left out. */
export function checked(given: unknown, night: boolean, now: (property: string) => string): Map<string, string> {
  const found = new Map<string, string>();
  if (typeof given !== 'object' || given === null) return found;
  for (const [name, value] of Object.entries(given)) {
    const dark = name.endsWith('Dark');
    const rule = Object.hasOwn(TOKENS, dark ? name.slice(0, -4) : name) ? TOKENS[dark ? name.slice(0, -4) : name] : undefined;
    if (!rule || typeof value !== 'string' || (rule[1] === colour && dark !== night) || (dark && rule[1] !== colour)) continue;
    const good = rule[1](value.trim());
    if (good !== null) found.set(rule[0], good);
  }
  for (let left = -1; left !== found.size;) { // what goes may leave another pair behind that cannot be read
    left = found.size;
    for (const [text, ground] of READ) {
      const pair = [text, ground].map((one) => found.get(one) ?? colour(now(one).trim()));
      if (!(found.has(text) || found.has(ground)) || !pair[0] || !pair[1] || contrast(pair[0], pair[1]) >= MIN_CONTRAST) continue;
      found.delete(text);
      found.delete(ground);
    }
  }
  return found;
}

let worn: string[] = [];
export function wear(given: unknown): void {
  const { style, dataset } = document.documentElement;
  for (const property of worn) style.removeProperty(property);
  const night = dataset.theme === 'dark' || (!dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
  const found = checked(given, night, (property) => getComputedStyle(document.documentElement).getPropertyValue(property));
  for (const [property, value] of found) style.setProperty(property, value);
  worn = [...found.keys()];
}
