/** Moments as somebody types them by the clocks of the store: `2026-11-21T09:00`, as date fields write them. */

/** What the clocks of a zone show at a moment. */
export function localIn(zone: string, moment: string): string {
  // Swedish writes moments as ISO 8601 does, but for a blank in the middle.
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  return format.format(new Date(moment)).replace(' ', 'T')
}

/**
 * The moment at which the clocks of a zone show this. An hour that is there twice is meant the first time; one
 * that is left out in spring is the one after it.
 */
export function momentIn(zone: string, local: string): string {
  const wanted = Date.parse(`${local}Z`)
  const offset = (at: number) =>
    Date.parse(`${localIn(zone, new Date(at).toISOString())}Z`) - Math.floor(at / 60_000) * 60_000
  // The offsets of the day before and after are the only two that can hold.
  const [before, after] = [offset(wanted - DAY), offset(wanted + DAY)]
  const first = wanted - Math.max(before, after)
  const second = wanted - Math.min(before, after)
  const fits = (at: number) => at + offset(at) === wanted
  return new Date(fits(first) ? first : fits(second) ? second : wanted - before).toISOString()
}

const DAY = 86_400_000
