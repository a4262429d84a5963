import { expect, test } from 'vitest'
import type { ForecastAnswer } from '@/client/api'
import { readForecastSearch } from '../filters'
import { fanOf, missedOf, totalOf, units } from './fan'

const day = { lower_80: 1, upper_80: 3, lower_95: 0, upper_95: 4 }
const answer = {
  origin: '2026-03-04',
  horizon_days: 2,
  history: [
    { date: '2026-03-01', units: 5, in_stock: 1 },
    { date: '2026-03-03', units: 1, in_stock: 0.4 },
  ],
  expected: [
    { date: '2026-03-01', predicted_units: 4, known_until: '2026-02-22' },
    { date: '2026-03-02', predicted_units: 1.5, known_until: '2026-02-22' },
    { date: '2026-03-03', predicted_units: 9, known_until: '2026-02-22' },
  ],
  forecast: [
    { date: '2026-03-05', predicted_units: 2, ...day },
    { date: '2026-03-06', predicted_units: 2.5, ...day },
  ],
  totals: [
    { days: 2, predicted_units: 4.5, ...day },
    { days: 7, predicted_units: 4.5, ...day },
  ],
} as unknown as ForecastAnswer

test('days that were left out had no demand, up to the last one that was known', () => {
  const fan = fanOf(answer)
  expect(fan.map(({ key, past }) => [key, past])).toEqual([
    ['2026-03-01', 5],
    ['2026-03-02', 0],
    ['2026-03-03', 1],
    ['2026-03-04', 0],
    ['2026-03-05', null],
    ['2026-03-06', null],
  ])
  expect(fan[2]?.remark).toBe('stock had run out')
  expect(fan[5]?.ahead).toEqual({ mean: 2.5, low80: 1, high80: 3, low95: 0, high95: 4 })
})

test('what had been expected stands beside what came, and how far it was off without empty shelves', () => {
  expect(fanOf(answer).map(({ said }) => said)).toEqual([4, 1.5, 9, null, null, null])
  expect(missedOf(answer)).toBeCloseTo((1 + 1.5) / 5)
  expect(missedOf({ ...answer, expected: [] })).toBeNull()
  expect(missedOf({ ...answer, history: [] })).toBeNull()
})

test('a forecast without a past is only what is ahead', () => {
  expect(fanOf({ ...answer, history: [] })).toHaveLength(2)
})

test('the range of the total is that of as many days, or none', () => {
  expect(totalOf(answer)?.days).toBe(2)
  expect(totalOf({ ...answer, horizon_days: 5 })).toBeNull()
})

test('units of rare things keep a digit', () => {
  expect([units(3.44), units(0), units(1234.4)]).toEqual(['3.4', '0', '1,234'])
})

test('an address is read for what makes sense', () => {
  expect(readForecastSearch({ days: 60, channel: 'shop', product: 'p1', category: 'x' })).toEqual({
    product: 'p1',
    channel: 'shop',
    days: '60',
  })
  expect(readForecastSearch({ days: '31', category: 'Tea', channel: 'shop' })).toEqual({
    category: 'Tea',
  })
})
