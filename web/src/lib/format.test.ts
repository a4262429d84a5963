import { describe, expect, it } from 'vitest'
import {
  age,
  ago,
  country,
  counted,
  dayRange,
  money,
  moneyCompact,
  moneyParts,
  percent,
} from './format'

describe('money', () => {
  it('is exact to the currency’s own minor unit', () => {
    expect(money(125430.5, 'EUR')).toBe('€125,430.50')
    expect(money(13591643.7, 'BRL')).toBe('R$13,591,643.70')
    expect(money(980000, 'JPY')).toBe('JP¥980,000')
    expect(money(-12.5, 'EUR')).toBe('-€12.50')
  })

  it('that is undefined is a dash, not zero', () => {
    expect(money(null, 'EUR')).toBe('–')
    expect(moneyParts(null, 'EUR')).toEqual(['–', ''])
  })

  it('splits at the minor unit', () => {
    expect(moneyParts(125430.5, 'EUR')).toEqual(['€125,430', '.50'])
    expect(moneyParts(980000, 'JPY')).toEqual(['JP¥980,000', ''])
  })

  it('is short on an axis', () => {
    expect(moneyCompact(12500, 'EUR')).toBe('€12.5k')
    expect(moneyCompact(0, 'EUR')).toBe('€0')
    expect(moneyCompact(2_000_000, 'EUR')).toBe('€2m')
  })

  it('in a currency nobody knows still shows', () => {
    expect(money(5, 'not a code')).toBe('5.00')
  })
})

describe('days', () => {
  it('of a range are said once', () => {
    expect(dayRange('2026-11-01', '2026-11-21')).toBe('1 – 21 Nov 2026')
    expect(dayRange('2026-10-23', '2026-11-21')).toBe('23 Oct – 21 Nov 2026')
    expect(dayRange('2025-12-30', '2026-01-02')).toBe('30 Dec 2025 – 2 Jan 2026')
    expect(dayRange('2026-11-21', '2026-11-21')).toBe('21 Nov 2026')
    expect(dayRange('2026-10-23', '2026-11-21', false)).toBe('23 Oct – 21 Nov')
  })
})

describe('words', () => {
  it('give an age in one unit', () => {
    expect([0.4, 12.9, 61, 3700, 90_000, 200_000].map(age)).toEqual([
      'just now',
      '12 s',
      '1 min',
      '1 h',
      '25 h',
      '2 days',
    ])
    expect(ago(0)).toBe('just now')
    expect(ago(61)).toBe('1 min ago')
  })

  it('name countries, and leave an unknown code as it is', () => {
    expect(country('DE')).toBe('Germany')
    expect(country(null)).toBe('Unknown')
    expect(country('??')).toBe('??')
  })

  it('count with the right noun', () => {
    expect(counted(1, 'order')).toBe('1 order')
    expect(counted(1247, 'order')).toBe('1,247 orders')
  })

  it('give a change without its sign', () => {
    expect(percent(0.1234)).toBe('12.3%')
    expect(percent(-0.05)).toBe('5%')
    expect(percent(12.34)).toBe('1,234%')
    expect(percent(null)).toBe('–')
  })
})
