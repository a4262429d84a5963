import { describe, expect, it } from 'vitest'
import { addDays, addMonths, dayIn, daysBetween, isDay, localToday, startOfMonth } from './dates'

describe('days', () => {
  it('cross month, year and leap-day borders', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
  })

  it('are 24 hours apart on both days the clocks change', () => {
    expect(addDays('2026-03-29', 1)).toBe('2026-03-30')
    expect(daysBetween('2026-10-24', '2026-10-27')).toBe(3)
  })

  it('that do not exist are refused', () => {
    expect(isDay('2026-02-28')).toBe(true)
    expect(isDay('2026-02-30')).toBe(false)
    expect(isDay('2026-2-3')).toBe(false)
    expect(isDay('yesterday')).toBe(false)
  })

  it('keep to the end of a shorter month', () => {
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-28')
    expect(addMonths('2026-11-21', -12)).toBe('2025-11-21')
    expect(startOfMonth('2026-11-21')).toBe('2026-11-01')
  })

  it('of a moment depend on the zone', () => {
    const moment = '2026-11-20T23:30:00Z'
    expect(dayIn('UTC', moment)).toBe('2026-11-20')
    expect(dayIn('Europe/Berlin', moment)).toBe('2026-11-21')
    expect(dayIn('Asia/Kathmandu', '2026-11-20T18:14:59Z')).toBe('2026-11-20')
    expect(dayIn('Asia/Kathmandu', '2026-11-20T18:15:00Z')).toBe('2026-11-21')
  })

  it('are read from the clock on the wall', () => {
    expect(localToday(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  })
})
