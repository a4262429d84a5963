import { area, curveMonotoneX, line } from 'd3-shape'
import { useId, useRef } from 'react'
import { BOTTOM, ChartAxes, leftOf, RIGHT, TOP } from './ChartAxes'
import { type Bucket, type Plot, plot } from './plot'
import { TrendTooltip } from './TrendTooltip'
import { useCursor } from './useCursor'
import { useWidth } from './useWidth'

export type TrendChartProps = {
  name: string
  buckets: Bucket[]
  withPrevious: boolean
  format: (value: number | null) => string
  formatAxis: (value: number) => string
  height: number
}

/**
 * The trend with a cursor that follows the pointer, the finger or the arrow keys. To a screen reader it
 * is a slider over the buckets that speaks each one's value.
 */
export function TrendChart(props: TrendChartProps) {
  const { name, buckets, withPrevious, format, formatAxis, height } = props
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)

  const rough = plot(buckets, withPrevious, { left: 0, right: 1, top: TOP, bottom: height }, 72)
  const left = leftOf(rough, formatAxis)
  const area = { left, right: Math.max(left + 1, width - RIGHT), top: TOP, bottom: height - BOTTOM }
  const shape = plot(buckets, withPrevious, area, 76)
  const { cursor, slider } = useCursor({
    name,
    count: buckets.length,
    indexAt: shape.indexAt,
    speak: (index) => (buckets[index] ? speak(buckets[index], withPrevious, format) : 'no values'),
  })
  return (
    <div ref={box} {...slider} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} className="block" aria-hidden>
          <ChartAxes {...{ shape, buckets, width, height, left, formatAxis }} />
          {shape.columns ? (
            <Columns {...{ shape, buckets, withPrevious, cursor }} />
          ) : (
            <Lines {...{ shape, buckets, withPrevious, cursor, width, height }} />
          )}
        </svg>
      )}
      {cursor !== null && buckets[cursor] && (
        <TrendTooltip
          bucket={buckets[cursor]}
          withPrevious={withPrevious}
          format={format}
          x={shape.x(cursor)}
          width={width}
        />
      )}
    </div>
  )
}

function speak(bucket: Bucket, withPrevious: boolean, format: TrendChartProps['format']): string {
  const now = `${bucket.label}: ${format(bucket.value)}${bucket.partial ? ' so far' : ''}`
  return withPrevious && bucket.previous !== null
    ? `${now}, ${bucket.previousLabel} ${format(bucket.previous)}`
    : now
}

type MarksProps = {
  shape: Plot
  buckets: Bucket[]
  withPrevious: boolean
  cursor: number | null
}

function Columns({ shape, buckets, withPrevious, cursor }: MarksProps) {
  const { x, y, band } = shape
  return (
    <>
      {buckets.map((bucket, index) => {
        const value = bucket.value ?? 0
        const top = Math.min(y(value), y(0))
        const size = Math.abs(y(value) - y(0))
        return (
          <g key={bucket.key} opacity={cursor === null || cursor === index ? 1 : 0.55}>
            {size > 0 && (
              <path
                d={roundedColumn(x(index) - band / 2, top, band, size)}
                className={columnLook(bucket)}
                strokeWidth={1.5}
                strokeDasharray={bucket.partial || bucket.baseline ? '4 3' : undefined}
              />
            )}
            {withPrevious && bucket.previous !== null && (
              <Mark
                from={x(index) - band / 2 - 7}
                to={x(index) + band / 2 + 7}
                at={y(bucket.previous)}
              />
            )}
          </g>
        )
      })}
    </>
  )
}

function columnLook(bucket: Bucket): string {
  if (bucket.baseline) return 'fill-sunk stroke-muted'
  return bucket.partial ? 'fill-accent-soft stroke-accent' : 'fill-accent'
}

/** The previous period's height, legible on the column as beside it. */
function Mark({ from, to, at }: { from: number; to: number; at: number }) {
  const path = `M${from},${at}H${to}`
  return (
    <>
      <path d={path} className="stroke-card" strokeWidth={5} />
      <path d={path} className="stroke-ink" strokeWidth={1.75} strokeDasharray="4 3" />
    </>
  )
}

function roundedColumn(x: number, y: number, width: number, height: number): string {
  const r = Math.min(4, height, width / 2)
  return `M${x},${y + height}V${y + r}q0,${-r} ${r},${-r}h${width - 2 * r}q${r},0 ${r},${r}V${y + height}Z`
}

function Lines(props: MarksProps & { width: number; height: number }) {
  const { shape, buckets, withPrevious, cursor, width, height } = props
  const { x, y } = shape
  const id = useId().replaceAll(':', '')
  const trace = (of: (bucket: Bucket) => number | null) =>
    line<Bucket>()
      .defined((bucket) => of(bucket) !== null)
      .x((_, index) => x(index))
      .y((bucket) => y(of(bucket) ?? 0))
      .curve(curveMonotoneX)(buckets) ?? ''
  const now = trace((bucket) => bucket.value)
  const under = area<Bucket>()
    .defined((bucket) => bucket.value !== null)
    .x((_, index) => x(index))
    .y0(y(0))
    .y1((bucket) => y(bucket.value ?? 0))
    .curve(curveMonotoneX)(buckets)
  // The stretch that leads to an unfinished bucket is dashed: it will still change.
  const last = buckets.length - 1
  const settled = buckets[last]?.partial ? x(last - 1) : width
  const unfinished = buckets.map((bucket, index) => ({ bucket, index })).filter(isOpen)
  const at = cursor === null ? null : buckets[cursor]
  return (
    <>
      <defs>
        <linearGradient id={`${id}fill`} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopOpacity="0.2" className="[stop-color:var(--accent)]" />
          <stop offset="1" stopOpacity="0.01" className="[stop-color:var(--accent)]" />
        </linearGradient>
        <clipPath id={`${id}settled`}>
          <rect width={settled} height={height} />
        </clipPath>
        <clipPath id={`${id}open`}>
          <rect x={settled} width={Math.max(0, width - settled)} height={height} />
        </clipPath>
      </defs>
      {withPrevious && (
        <path
          d={trace((bucket) => bucket.previous)}
          className="fill-none stroke-muted opacity-75"
          strokeWidth={1.5}
          strokeDasharray="4 4"
        />
      )}
      <g clipPath={`url(#${id}settled)`}>
        <path d={under ?? ''} fill={`url(#${id}fill)`} />
        <path d={now} className="fill-none stroke-accent" strokeWidth={2.25} />
      </g>
      <g clipPath={`url(#${id}open)`}>
        <path
          d={now}
          className="fill-none stroke-accent"
          strokeWidth={1.75}
          strokeDasharray="2 4"
          strokeLinecap="round"
        />
      </g>
      {cursor !== null && (
        <line
          x1={x(cursor)}
          x2={x(cursor)}
          y1={TOP}
          y2={height - BOTTOM}
          className="stroke-faint"
        />
      )}
      {withPrevious && cursor !== null && at?.previous != null && (
        <circle cx={x(cursor)} cy={y(at.previous)} r={3.5} className="fill-muted" />
      )}
      {unfinished.map(({ bucket, index }) => (
        <circle
          key={bucket.key}
          cx={x(index)}
          cy={y(bucket.value ?? 0)}
          r={4}
          strokeWidth={2}
          className="fill-card stroke-accent"
        />
      ))}
      {cursor !== null && at?.value != null && !at.partial && (
        <circle
          cx={x(cursor)}
          cy={y(at.value)}
          r={5}
          strokeWidth={2}
          className="fill-accent stroke-card"
        />
      )}
    </>
  )
}

function isOpen({ bucket }: { bucket: Bucket }): boolean {
  return bucket.partial && bucket.value !== null
}
