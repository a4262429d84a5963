import { expect, it } from 'vitest'
import { follow, withParams } from '@/client/follow'
import { exactSum, isSame } from '@/lib/sum'
import { heat } from '@/lib/heat'
import { someRevenue } from '@/test/insights'
import { explainUrl } from './explaining'
import { fileName, readPerformanceSearch, readSalesSearch } from './filters'
import { bridgeBars, bridgePaths } from './sales/bridge'
import { written } from './units'

it('amounts are added up to the last digit', () => {
  expect(0.1 + 0.2).not.toBe(0.3)
  expect(exactSum([0.1, 0.2])).toBe(0.3)
  expect(exactSum(Array.from({ length: 1000 }, () => 0.1))).toBe(100)
  expect(exactSum([1234567.891, -0.001, null, '0.11'])).toBe(1234568)
  expect(isSame(exactSum([10.1, 20.2]), 30.3)).toBe(true)
  expect(isSame(30.31, 30.3)).toBe(false)
})

it('the bridge leads from gross revenue to any other, and its bars hang together', () => {
  const paths = bridgePaths(someRevenue().bridge)
  expect(paths.map(({ to }) => to)).toEqual(['revenue_with_shipping', 'net_revenue'])
  const net = paths[1]?.steps ?? []
  expect(net.map(({ slug }) => slug)).toEqual([
    'gross_revenue',
    'refunded',
    'revenue',
    'channel_fees',
    'net_revenue',
  ])
  const bars = bridgeBars(net)
  expect(bars[0]).toMatchObject({ from: 0, to: 1 })
  expect(bars[1]?.to).toBe(1)
  expect(bars[1]?.from).toBeCloseTo(bars[2]?.to ?? 0)
  expect(bars[3]?.from).toBeCloseTo(bars[4]?.to ?? 0)
  expect(bridgePaths([])).toEqual([])
})

it('a bridge below nothing has its ground inside the lane', () => {
  const bars = bridgeBars([
    { slug: 'a', label: 'A', kind: 'start', amount: 100 },
    { slug: 'b', label: 'B', kind: 'step', amount: -150 },
    { slug: 'c', label: 'C', kind: 'total', amount: -50 },
  ])
  expect(bars.map(({ from, to }) => [from, to].map((at) => Math.round(at * 100)))).toEqual([
    [33, 100],
    [0, 100],
    [0, 33],
  ])
})

it('addresses keep what differs from the default, and nothing that makes no sense', () => {
  expect(
    readSalesSearch({ range: '30d', compare: 'previous', by: 'channel', metric: 'revenue' }),
  ).toEqual({})
  expect(readSalesSearch({ region: ['BY', 'BY'], compare: 'none', order: 'worst' })).toEqual({
    region: ['BY'],
    compare: 'none',
    order: 'worst',
  })
  expect(readPerformanceSearch({ performance: ['Poor', 'Great'], order: 'luck' })).toEqual({
    performance: ['Poor'],
  })
})

it('parameters are put into an address in place of those of their name', () => {
  expect(withParams('/x?a=1&b=2', { a: ['3', '4'], b: undefined, c: 5 })).toBe('/x?a=3&a=4&c=5')
  expect(withParams('/x?a=1', { a: undefined })).toBe('/x')
  expect(explainUrl('/explain/%7Bmetric%7D?from=1', 'orders')).toBe('/explain/orders?from=1')
  expect(fileName('sales-by', 'channel', '30d', ['Toys & Games'], undefined)).toBe(
    'sales-by-channel-30d-Toys-Games.csv',
  )
})

it('an address that cannot be reached is said in words', async () => {
  await expect(follow('/api/v1/nowhere')).rejects.toThrow()
})

it('figures are written in their unit, and undefined is a dash', () => {
  expect(written(0.4123, 'fraction', '')).toBe('41.2%')
  expect(written(-0.02, 'fraction', '')).toBe('−2%')
  expect(written(1234.5, 'money', 'EUR')).toBe('€1,234.50')
  expect(written(2.345, 'per_day', '')).toBe('2.35 a day')
  expect(written(36.25, 'hours', '')).toBe('36.3 h')
  expect(written(1200, 'count', '')).toBe('1,200')
  expect(written(null, 'money', 'EUR')).toBe('–')
})

it('nothing has no heat, and the most has the most', () => {
  expect(heat(0)).toBeUndefined()
  expect(heat(1)).toContain('46%')
  expect(heat(7)).toBe(heat(1))
})
