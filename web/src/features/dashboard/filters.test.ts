import { describe, expect, it } from 'vitest'
import { parseSearch, stringifySearch } from '@/lib/search'
import { filterCount, readDashboardSearch, toggled, toParams, withoutFilters } from './filters'

const TODAY = '2026-11-21'
const read = (address: string) => readDashboardSearch(parseSearch(address))

describe('the dashboard’s address', () => {
  it('is empty for the default view', () => {
    expect(read('?range=30d&metric=revenue&compare=prev&channel=')).toEqual({})
    expect(stringifySearch(read(''))).toBe('')
  })

  it('falls back where it makes no sense, and keeps the rest', () => {
    expect(read('?range=banana&grain=hour&metric=profit&channel=amazon')).toEqual({
      channel: ['amazon'],
    })
  })

  it('is one address for one selection', () => {
    const one = stringifySearch(read('?channel=shopify,amazon,amazon'))
    const other = stringifySearch(read('?channel=amazon,shopify'))
    expect(one).toBe(other)
  })

  it('gives the same view when it is copied', () => {
    const address = '?range=2026-10-01..2026-10-31&grain=week&compare=none&category=Toys%2C%20Games'
    expect(stringifySearch(read(address))).toBe(address)
  })
})

describe('what the API is asked', () => {
  it('leaves the default period to the server’s clock', () => {
    expect(toParams({}, TODAY)).toEqual({ grain: 'day', channel: [], category: [], country: [] })
  })

  it('is half-open', () => {
    expect(toParams({ range: '2026-10-01..2026-10-31' }, TODAY)).toMatchObject({
      from: '2026-10-01',
      to: '2026-11-01',
    })
  })

  it('never asks for a grain the period cannot show', () => {
    expect(toParams({ range: 'today', grain: 'month' }, TODAY).grain).toBe('day')
  })
})

describe('filters', () => {
  it('toggle on and off', () => {
    const on = toggled({ range: '7d' }, 'channel', 'amazon')
    expect(on).toEqual({ range: '7d', channel: ['amazon'] })
    expect(toggled(on, 'channel', 'amazon')).toEqual({ range: '7d' })
  })

  it('clear without touching the range', () => {
    const search = { range: '7d', channel: ['amazon'], country: ['DE', 'FR'] } as const
    expect(filterCount(read(stringifySearch(search)))).toBe(3)
    expect(stringifySearch(withoutFilters(read(stringifySearch(search))))).toBe('?range=7d')
  })
})
