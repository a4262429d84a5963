import type { Bucket, Plot } from './plot'

export const TOP = 14
export const BOTTOM = 30
export const RIGHT = 14

/** Where the plot begins: as far in as its longest number needs. */
export function leftOf(rough: Plot, formatAxis: (value: number) => string): number {
  return 14 + 6.6 * Math.max(2, ...rough.yTicks.map((tick) => formatAxis(tick).length))
}

type ChartAxesProps = {
  shape: Plot
  buckets: Pick<Bucket, 'key' | 'tick'>[]
  width: number
  height: number
  left: number
  formatAxis: (value: number) => string
}

/** Lines and numbers of the values, and the days below. */
export function ChartAxes(props: ChartAxesProps) {
  const { shape, buckets, width, height, left, formatAxis } = props
  return (
    <g className="num fill-muted text-[0.6875rem]">
      {shape.yTicks.map((tick) => (
        <g key={tick}>
          <line
            x1={left}
            x2={width - RIGHT}
            y1={shape.y(tick)}
            y2={shape.y(tick)}
            className={tick === 0 ? 'stroke-strong-line' : 'stroke-line'}
          />
          <text x={left - 8} y={shape.y(tick)} dy="0.32em" textAnchor="end">
            {formatAxis(tick)}
          </text>
        </g>
      ))}
      {shape.xTicks.map((index) => {
        const x = shape.x(index)
        const atEdge = !shape.columns && x > width - RIGHT - 24
        return (
          <text
            key={buckets[index]?.key}
            x={atEdge ? width - 2 : x}
            y={height - 9}
            textAnchor={atEdge ? 'end' : 'middle'}
          >
            {buckets[index]?.tick}
          </text>
        )
      })}
    </g>
  )
}
