import { area, curveMonotoneX, line } from 'd3-shape'
import { useRef } from 'react'
import { useWidth } from './useWidth'

type SparklineProps = {
  values: (number | null)[]
  /** The last value is still growing: its point is hollow. */
  unfinished: boolean
}

const HEIGHT = 44
const PAD = 4

/** The shape of a series, without axes; the figures stand in the card and in the chart below. */
export function Sparkline({ values, unfinished }: SparklineProps) {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const known = values.filter((value) => value !== null)
  const low = Math.min(0, ...known)
  const high = Math.max(...known, low)
  const x = (index: number) => PAD + (index / Math.max(1, values.length - 1)) * (width - 2 * PAD)
  const y = (value: number) =>
    high === low ? HEIGHT - PAD : HEIGHT - PAD - ((value - low) / (high - low)) * (HEIGHT - 2 * PAD)
  const defined = (value: number | null) => value !== null
  const at = (value: number | null) => y(value ?? 0)
  const stroke = line<number | null>()
    .defined(defined)
    .x((_, i) => x(i))
    .y(at)
    .curve(curveMonotoneX)
  const fill = area<number | null>()
    .defined(defined)
    .x((_, i) => x(i))
    .y0(y(low))
    .y1(at)
    .curve(curveMonotoneX)
  const last = values.at(-1)
  const settled = unfinished ? values.slice(0, -1) : values
  const beforeLast = values.at(-2)
  return (
    <div ref={box} className="h-11 w-full" aria-hidden>
      {width > 0 && known.length > 1 && (
        <svg width={width} height={HEIGHT} className="block overflow-visible">
          <path d={fill(settled) ?? ''} className="fill-accent opacity-10" />
          <path d={stroke(settled) ?? ''} className="fill-none stroke-accent" strokeWidth={1.75} />
          {unfinished && last != null && beforeLast != null && (
            <line
              x1={x(values.length - 2)}
              y1={y(beforeLast)}
              x2={x(values.length - 1)}
              y2={y(last)}
              className="stroke-accent"
              strokeWidth={1.5}
              strokeDasharray="2 3"
            />
          )}
          {last != null && (
            <circle
              cx={x(values.length - 1)}
              cy={y(last)}
              r={3}
              strokeWidth={1.75}
              className={unfinished ? 'fill-card stroke-accent' : 'fill-accent stroke-card'}
            />
          )}
        </svg>
      )}
    </div>
  )
}
