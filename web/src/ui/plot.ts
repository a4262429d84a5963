/** Where things go in a trend chart: pure geometry, so that it can be tested without a browser. */
import { scaleLinear } from 'd3-scale'

export type Bucket = {
  key: string
  /** For the axis. */
  tick: string
  /** For the tooltip, the table and a screen reader. */
  label: string
  value: number | null
  previous: number | null
  previousLabel: string
  /** Still growing: drawn hollow, and not compared. */
  partial: boolean
  /** Not of this period, but what it is measured against: drawn as an outline. */
  baseline?: boolean
}

export type Plot = {
  /** Few buckets are columns: a line would suggest values between them. */
  columns: boolean
  x: (index: number) => number
  y: (value: number) => number
  band: number
  yTicks: number[]
  xTicks: number[]
  indexAt: (x: number) => number
}

export type Box = { left: number; right: number; top: number; bottom: number }

const MAX_COLUMNS = 8
const MAX_BAND = 96

export function plot(buckets: Bucket[], withPrevious: boolean, box: Box, tickRoom: number): Plot {
  const count = buckets.length
  const columns = count <= MAX_COLUMNS
  const width = box.right - box.left
  const slot = columns ? width / Math.max(1, count) : width / Math.max(1, count - 1)
  const start = columns ? box.left + slot / 2 : box.left

  const values = buckets.flatMap(({ value, previous }) =>
    withPrevious ? [value ?? 0, previous ?? 0] : [value ?? 0],
  )
  const high = Math.max(0, ...values)
  const low = Math.min(0, ...values)
  const y = scaleLinear()
    .domain(high === low ? [0, 1] : [low, high])
    .range([box.bottom, box.top])
    .nice(4)
  const x = (index: number) => start + index * slot
  return {
    columns,
    x,
    y,
    band: Math.min(MAX_BAND, slot * 0.56),
    yTicks: high === low ? [0] : y.ticks(4),
    xTicks: spread(count, Math.max(2, Math.floor(width / tickRoom))),
    indexAt: (at) => Math.max(0, Math.min(count - 1, Math.round((at - start) / slot))),
  }
}

/** At most `most` indexes of `count`, evenly apart, counted back from the last, which always shows. */
export function spread(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most))
  const indexes: number[] = []
  for (let index = count - 1; index >= 0; index -= step) indexes.unshift(index)
  return indexes
}

/** Where an arrow key moves the cursor; null for a key that does not. */
export function moveCursor(key: string, cursor: number | null, count: number): number | null {
  const last = count - 1
  const at = cursor ?? (key === 'ArrowRight' || key === 'PageDown' ? -1 : count)
  const jump = Math.max(2, Math.round(count / 8))
  const targets: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    PageUp: at - jump,
    PageDown: at + jump,
    Home: 0,
    End: last,
  }
  const target = targets[key]
  return target === undefined ? null : Math.max(0, Math.min(last, target))
}
