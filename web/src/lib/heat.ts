/** Colours of heat tables: more of the accent the bigger the value, and never so much that ink is hard to read. */
const MOST = 46

/** `share` from 0 to 1; nothing for nothing. */
export function heat(share: number): string | undefined {
  if (!(share > 0)) return undefined
  const part = Math.round(5 + Math.min(1, share) * (MOST - 5))
  return `color-mix(in oklab, var(--accent) ${part}%, var(--card))`
}
