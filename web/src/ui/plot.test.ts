import { describe, expect, it } from 'vitest'
import { type Bucket, moveCursor, plot, spread } from './plot'

const box = { left: 50, right: 650, top: 10, bottom: 210 }
const buckets = (...values: (number | null)[]): Bucket[] =>
  values.map((value, index) => ({
    key: String(index),
    tick: '',
    label: '',
    value,
    previous: null,
    previousLabel: '',
    partial: false,
  }))

describe('a plot', () => {
  it('starts its scale at zero', () => {
    const { y, yTicks } = plot(buckets(90, 100, 95), false, box, 60)
    expect(y(0)).toBe(box.bottom)
    expect(yTicks[0]).toBe(0)
  })

  it('shows what fell below zero', () => {
    const { y } = plot(buckets(100, -40), false, box, 60)
    expect(y(-40)).toBeLessThanOrEqual(box.bottom)
    expect(y(0)).toBeLessThan(box.bottom)
  })

  it('makes room for the previous period only when it is drawn', () => {
    const rows = buckets(10, 20).map((row) => ({ ...row, previous: 1000 }))
    expect(plot(rows, true, box, 60).y(20)).toBeGreaterThan(plot(rows, false, box, 60).y(20))
  })

  it('draws a line from edge to edge and columns inside', () => {
    const line = plot(buckets(...Array<number>(30).fill(1)), false, box, 60)
    expect([line.columns, line.x(0), line.x(29)]).toEqual([false, 50, 650])
    const columns = plot(buckets(1, 2), false, box, 60)
    expect([columns.columns, columns.x(0), columns.x(1)]).toEqual([true, 200, 500])
  })

  it('of nothing at all has a place for everything', () => {
    for (const rows of [buckets(), buckets(0), buckets(null, null)]) {
      const { y, x } = plot(rows, true, box, 60)
      expect(Number.isFinite(y(0)) && Number.isFinite(x(0))).toBe(true)
    }
  })

  it('finds the bucket under the pointer, also beyond the edges', () => {
    const { indexAt } = plot(buckets(...Array<number>(31).fill(1)), false, box, 60)
    expect([indexAt(-10), indexAt(50), indexAt(71), indexAt(9999)]).toEqual([0, 0, 1, 30])
  })
})

it('labels the last bucket always, and no more than fit', () => {
  expect(spread(30, 7)).toEqual([4, 9, 14, 19, 24, 29])
  expect(spread(1, 5)).toEqual([0])
  expect(spread(0, 5)).toEqual([])
})

describe('the cursor', () => {
  it('enters from the side the key points away from', () => {
    expect(moveCursor('ArrowLeft', null, 30)).toBe(29)
    expect(moveCursor('ArrowRight', null, 30)).toBe(0)
  })

  it('stays inside', () => {
    expect(moveCursor('ArrowRight', 29, 30)).toBe(29)
    expect(moveCursor('PageUp', 2, 30)).toBe(0)
  })

  it('ignores other keys', () => {
    expect(moveCursor('a', 3, 30)).toBeNull()
  })
})
