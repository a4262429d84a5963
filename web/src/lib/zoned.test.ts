import { expect, it } from 'vitest'
import { localIn, momentIn } from './zoned'

const BERLIN = 'Europe/Berlin'

it.each([
  ['2026-07-01T00:00', '2026-06-30T22:00:00.000Z'],
  ['2026-12-24T18:30', '2026-12-24T17:30:00.000Z'],
  // There twice: the first time.
  ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
  ['2026-03-29T01:59', '2026-03-29T00:59:00.000Z'],
])('%s in Berlin is %s', (local, moment) => {
  expect(momentIn(BERLIN, local)).toBe(moment)
  expect(localIn(BERLIN, moment)).toBe(local)
})

it('an hour that is left out in spring is the one after it', () => {
  expect(localIn(BERLIN, momentIn(BERLIN, '2026-03-29T02:30'))).toBe('2026-03-29T03:30')
})

it('holds in every hour of a year, east and west of us', () => {
  for (const zone of [BERLIN, 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC']) {
    for (let hour = 0; hour < 365 * 24; hour += 7) {
      const moment = new Date(Date.UTC(2026, 0, 1, hour)).toISOString()
      const local = localIn(zone, moment)
      expect(localIn(zone, momentIn(zone, local))).toBe(local)
    }
  }
})
