import { describe, expect, it } from 'vitest'
import { someBucket, someMetrics } from '@/test/fixtures'
import { bucketsOf, pairOf } from './trend'

describe('the trend', () => {
  it('sets each day beside its day in the previous period', () => {
    const [first] = bucketsOf(someMetrics(), 'revenue')
    expect(first).toMatchObject({
      label: 'Fri, 23 Oct 2026',
      tick: '23 Oct',
      value: 4000,
      previous: 3500,
      previousLabel: '23 Sept',
    })
  })

  it('works out the previous average order from its parts', () => {
    const [first] = bucketsOf(someMetrics(), 'aov')
    expect(first?.previous).toBe(100)
  })

  it('has no average order, rather than zero, where nothing was sold', () => {
    const trend = [someBucket({ previous_orders: 0, avg_order_value: null })]
    expect(bucketsOf(someMetrics({ trend }), 'aov')[0]).toMatchObject({
      value: null,
      previous: null,
    })
  })

  it('of a single day stands beside the day before', () => {
    const metrics = someMetrics({ trend: [someBucket()] })
    expect(pairOf(metrics, 'units').map(({ value, baseline }) => [value, baseline])).toEqual([
      [2500, true],
      [85, undefined],
    ])
  })

  it('marks what is not finished', () => {
    expect(bucketsOf(someMetrics(), 'orders').map(({ partial }) => partial)).toEqual([
      ...Array<boolean>(29).fill(false),
      true,
    ])
  })

  it('names a whole month, and the days of a month cut short', () => {
    const trend = [
      someBucket({ start: '2026-10-23', end: '2026-11-01' }),
      someBucket({ start: '2026-11-01', end: '2026-12-01' }),
    ]
    const labels = bucketsOf(someMetrics({ trend, grain: 'month' }), 'revenue')
    expect(labels.map(({ label }) => label)).toEqual(['23 – 31 Oct 2026', 'Nov 2026'])
  })
})
