import { describe, expect, it } from 'vitest'
import { daysBetween } from './dates'
import { defaultGrain, grainOf, grainsFor, periodOf, PRESETS, readRange } from './period'

const TODAY = '2026-11-21'

describe('a range in the address', () => {
  it('is a preset or two days', () => {
    expect(readRange('7d')).toBe('7d')
    expect(readRange('2026-10-01..2026-10-31')).toBe('2026-10-01..2026-10-31')
  })

  it('the wrong way round is turned', () => {
    expect(readRange('2026-10-31..2026-10-01')).toBe('2026-10-01..2026-10-31')
  })

  it.each(['', '5d', '2026-10-01', '2026-02-30..2026-03-01', '..', 'a..b..c', 7, undefined])(
    'that is nonsense (%s) is none',
    (text) => {
      expect(readRange(text)).toBeNull()
    },
  )
})

describe('a period', () => {
  it('is half-open and ends with today', () => {
    expect(periodOf('30d', TODAY)).toEqual({ from: '2026-10-23', to: '2026-11-22' })
    expect(periodOf('today', TODAY)).toEqual({ from: TODAY, to: '2026-11-22' })
    expect(periodOf('yesterday', TODAY)).toEqual({ from: '2026-11-20', to: TODAY })
    expect(periodOf('mtd', TODAY)).toEqual({ from: '2026-11-01', to: '2026-11-22' })
    expect(periodOf('12m', TODAY)).toEqual({ from: '2025-11-22', to: '2026-11-22' })
  })

  it('holds as many days as its name says', () => {
    for (const [preset, days] of [
      ['7d', 7],
      ['30d', 30],
      ['90d', 90],
      ['12m', 365],
    ] as const) {
      const { from, to } = periodOf(preset, TODAY)
      expect(daysBetween(from, to)).toBe(days)
    }
  })

  it('of two days includes both', () => {
    expect(periodOf('2026-10-01..2026-10-31', TODAY)).toEqual({
      from: '2026-10-01',
      to: '2026-11-01',
    })
  })
})

describe('a grain', () => {
  it('never asks for more buckets than the API draws', () => {
    expect(grainsFor(400)).toContain('day')
    expect(grainsFor(401)).not.toContain('day')
    expect(grainsFor(3000)).toEqual(['month'])
  })

  it('never leaves a single bucket when a finer one exists', () => {
    expect(grainsFor(1)).toEqual(['day'])
    expect(grainsFor(30)).toEqual(['day', 'week'])
  })

  it('that does not fit the period gives way to the period’s own', () => {
    expect(grainOf('month', { from: '2026-11-15', to: '2026-11-22' })).toBe('day')
    expect(grainOf('month', { from: '2026-01-01', to: '2026-11-22' })).toBe('month')
    expect(defaultGrain(365)).toBe('week')
    expect(defaultGrain(1000)).toBe('month')
  })
})

it('no two presets share a key', () => {
  const keys = PRESETS.flatMap(({ key }) => key ?? [])
  expect(new Set(keys).size).toBe(keys.length)
})
