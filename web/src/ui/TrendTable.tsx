import { changeOf, Delta } from './Delta'
import type { TrendChartProps } from './TrendChart'

type TrendTableProps = Pick<
  TrendChartProps,
  'name' | 'buckets' | 'withPrevious' | 'format' | 'height'
>

/** The chart's values as a table of the chart's height, newest first. */
export function TrendTable({ name, buckets, withPrevious, format, height }: TrendTableProps) {
  return (
    <section
      aria-label={`${name}, table`}
      // A box that scrolls must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="overflow-auto"
      style={{ height }}
    >
      <table className="num w-full border-separate border-spacing-0 text-right">
        <caption className="sr-only">{name}</caption>
        <thead className="text-xs text-muted">
          <tr className="[&>th]:sticky [&>th]:top-0 [&>th]:border-b [&>th]:border-line [&>th]:bg-card [&>th]:px-3 [&>th]:py-2 [&>th]:font-medium">
            <th scope="col" className="text-left">
              Period
            </th>
            <th scope="col">Value</th>
            {withPrevious && <th scope="col">Before</th>}
            {withPrevious && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody className="[&>tr:hover]:bg-sunk [&>tr>td]:px-3 [&>tr>td]:py-1.5 [&>tr>th]:px-3 [&>tr>th]:py-1.5">
          {buckets.toReversed().map(({ key, label, value, previous, partial }) => (
            <tr key={key}>
              <th scope="row" className="text-left font-normal">
                {label}
                {partial && <span className="text-muted"> so far</span>}
              </th>
              <td className="font-medium">{format(value)}</td>
              {withPrevious && <td className="text-muted">{format(previous)}</td>}
              {withPrevious && (
                <td>
                  <Delta
                    change={
                      partial || value === null || previous === null
                        ? null
                        : changeOf(value, previous)
                    }
                    isNew={!partial && previous === 0 && (value ?? 0) > 0}
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
