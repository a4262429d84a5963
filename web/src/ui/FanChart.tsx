import { area, curveMonotoneX, line } from 'd3-shape'
import { useRef } from 'react'
import { BOTTOM, ChartAxes, leftOf, RIGHT, TOP } from './ChartAxes'
import { type Plot, plot } from './plot'
import { useCursor } from './useCursor'
import { useWidth } from './useWidth'

export type FanDay = {
  key: string
  /** For the axis. */
  tick: string
  /** For the tooltip and a screen reader. */
  label: string
  /** What happened; null on days to come. */
  past: number | null
  /** What had been expected of a day that was; null where nothing was. */
  said: number | null
  /** A word on a day that is not what it seems: "stock had run out". */
  remark?: string
  ahead: { mean: number; low80: number; high80: number; low95: number; high95: number } | null
}

export type FanChartProps = {
  name: string
  days: FanDay[]
  format: (value: number) => string
  formatAxis: (value: number) => string
  height: number
}

/** What was, and what is expected, with the ranges that it stays in four times of five and nineteen of twenty. */
export function FanChart({ name, days, format, formatAxis, height }: FanChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  // The plot makes room for the upper end of the widest range.
  const buckets = days.map((day) => ({
    ...day,
    value: day.past ?? day.ahead?.mean ?? null,
    previous: day.ahead?.high95 ?? day.said,
    previousLabel: '',
    partial: false,
  }))
  const rough = plot(buckets, true, { left: 0, right: 1, top: TOP, bottom: height }, 72)
  const left = leftOf(rough, formatAxis)
  const area = { left, right: Math.max(left + 1, width - RIGHT), top: TOP, bottom: height - BOTTOM }
  const shape = plot(buckets, true, area, 76)
  const { cursor, slider } = useCursor({
    name,
    count: days.length,
    indexAt: shape.indexAt,
    speak: (index) => (days[index] ? speak(days[index], format) : 'no values'),
  })
  const at = cursor === null ? undefined : days[cursor]
  return (
    <div ref={box} {...slider} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} className="block" aria-hidden>
          <ChartAxes {...{ shape, buckets, width, height, left, formatAxis }} />
          <Fan shape={shape} days={days} height={height} />
          {cursor !== null && (
            <line
              x1={shape.x(cursor)}
              x2={shape.x(cursor)}
              y1={TOP}
              y2={height - BOTTOM}
              className="stroke-faint"
            />
          )}
        </svg>
      )}
      {cursor !== null && at && (
        <FanTooltip day={at} format={format} x={shape.x(cursor)} width={width} />
      )}
    </div>
  )
}

function Fan({ shape, days, height }: { shape: Plot; days: FanDay[]; height: number }) {
  const { x, y } = shape
  const first = days.findIndex((day) => day.ahead !== null)
  const band = (low: 'low80' | 'low95', high: 'high80' | 'high95') =>
    area<FanDay>()
      .defined((day) => day.ahead !== null)
      .x((_, index) => x(index))
      .y0((day) => y(day.ahead?.[low] ?? 0))
      .y1((day) => y(day.ahead?.[high] ?? 0))
      .curve(curveMonotoneX)(days) ?? ''
  const trace = (of: (day: FanDay) => number | null) =>
    line<FanDay>()
      .defined((day) => of(day) !== null)
      .x((_, index) => x(index))
      .y((day) => y(of(day) ?? 0))
      .curve(curveMonotoneX)(days) ?? ''
  return (
    <>
      <path d={band('low95', 'high95')} className="fill-accent opacity-12" />
      <path d={band('low80', 'high80')} className="fill-accent opacity-20" />
      <path d={trace((day) => day.past)} className="fill-none stroke-muted" strokeWidth={1.5} />
      <path
        d={trace((day) => day.said)}
        className="fill-none stroke-accent opacity-70"
        strokeWidth={1.5}
        strokeDasharray="4 3"
      />
      <path
        d={trace((day) => day.ahead?.mean ?? null)}
        className="fill-none stroke-accent"
        strokeWidth={2.25}
      />
      {days.map(
        (day, index) =>
          day.remark !== undefined &&
          day.past !== null && (
            <circle
              key={day.key}
              cx={x(index)}
              cy={y(day.past)}
              r={3}
              strokeWidth={1.5}
              className="fill-card stroke-muted"
            />
          ),
      )}
      {first > 0 && (
        <line
          x1={(x(first - 1) + x(first)) / 2}
          x2={(x(first - 1) + x(first)) / 2}
          y1={TOP}
          y2={height - BOTTOM}
          className="stroke-strong-line"
          strokeDasharray="3 4"
        />
      )}
    </>
  )
}

function speak(day: FanDay, format: FanChartProps['format']): string {
  if (day.ahead === null) {
    const remark = day.remark === undefined ? '' : `, ${day.remark}`
    const said = day.said === null ? '' : `, ${format(day.said)} had been expected`
    return `${day.label}: ${day.past === null ? 'not known' : format(day.past)}${remark}${said}`
  }
  const { mean, low80, high80 } = day.ahead
  return `${day.label}: ${format(mean)} expected, between ${format(low80)} and ${format(high80)}`
}

const WIDTH = 200

type FanTooltipProps = {
  day: FanDay
  format: FanChartProps['format']
  x: number
  width: number
}

/** The values under the cursor. For the eye only: the chart itself speaks them. */
function FanTooltip({ day, format, x, width }: FanTooltipProps) {
  const right = x + 14
  const left = right + WIDTH > width ? Math.max(0, x - 14 - WIDTH) : right
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-2 z-10 rounded-lg border border-line bg-card px-3 py-2 text-[0.8125rem] shadow-raised"
      style={{ left, width: WIDTH }}
    >
      <p className="mb-1 text-xs text-muted">{day.label}</p>
      {day.ahead === null ? (
        <p className="num font-semibold">
          {day.past === null ? 'Not known' : format(day.past)}
          {day.remark !== undefined && (
            <span className="block text-xs font-normal text-muted">{day.remark}</span>
          )}
          {day.said !== null && (
            <span className="block text-xs font-normal text-muted">
              {format(day.said)} had been expected
            </span>
          )}
        </p>
      ) : (
        <>
          <p className="num font-semibold">{format(day.ahead.mean)} expected</p>
          <p className="num mt-0.5 text-muted">
            {format(day.ahead.low80)} to {format(day.ahead.high80)}
            <span className="float-right text-xs">80 %</span>
          </p>
          <p className="num text-muted">
            {format(day.ahead.low95)} to {format(day.ahead.high95)}
            <span className="float-right text-xs">95 %</span>
          </p>
        </>
      )}
    </div>
  )
}
