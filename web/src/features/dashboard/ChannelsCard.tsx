import type { ChannelRow, Metrics } from '@/client/api'
import { counted, money, percent } from '@/lib/format'
import { Card } from '@/ui/Card'
import { changeOf, Delta } from '@/ui/Delta'
import { Fresh } from '@/ui/Fresh'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { useSteadyOrder } from './useSteadyOrder'

type ChannelsCardProps = {
  metrics: Metrics | null
  comparing: boolean
  selected: string[]
  colorOf: (channel: string) => string
  onToggle: (channel: string) => void
}

export function ChannelsCard({ metrics, ...rest }: ChannelsCardProps) {
  return (
    <Card
      title="Channels"
      note="revenue and orders"
      className="min-h-[20rem] md:col-span-2 lg:col-span-4"
    >
      {metrics ? (
        <Channels {...rest} rows={metrics.channels} currency={metrics.currency} />
      ) : (
        <RowsSkeleton rows={4} height={72} />
      )}
    </Card>
  )
}

type ChannelsProps = Omit<ChannelsCardProps, 'metrics'> & { rows: ChannelRow[]; currency: string }

function Channels({
  rows: fresh,
  currency,
  comparing,
  selected,
  colorOf,
  onToggle,
}: ChannelsProps) {
  const { rows, hold } = useSteadyOrder(fresh, (row) => row.channel)
  const positive = rows.reduce((sum, row) => sum + Math.max(0, row.revenue), 0)
  const share = (row: ChannelRow) => (positive > 0 ? Math.max(0, row.revenue) / positive : 0)
  return (
    <div className="flex flex-1 flex-col" {...hold}>
      <div
        aria-hidden
        className="mx-4 mt-2 mb-1 flex h-2.5 gap-0.5 overflow-hidden rounded-full sm:mx-5"
      >
        {rows.map((row) => (
          <span
            key={row.channel}
            className="min-w-0.5"
            style={{ flexGrow: share(row), background: colorOf(row.channel) }}
          />
        ))}
      </div>
      <ul className="flex min-h-0 flex-1 flex-col overflow-y-auto px-2 pb-2 sm:px-3 lg:max-h-[19.75rem]">
        {rows.map((row) => (
          <li key={row.channel} className="max-h-24 min-h-15 flex-1">
            <button
              type="button"
              aria-pressed={selected.includes(row.channel)}
              onClick={() => onToggle(row.channel)}
              title={
                selected.includes(row.channel)
                  ? `Stop filtering by ${row.name}`
                  : `Show ${row.name} only`
              }
              className="num grid h-full w-full grid-cols-[auto_1fr_auto] content-center items-center gap-x-2.5 gap-y-0.5 rounded-lg px-2 text-left hover:bg-sunk aria-pressed:bg-accent-soft"
            >
              <span
                aria-hidden
                className="size-2.5 rounded-[3px]"
                style={{ background: colorOf(row.channel) }}
              />
              <span className="truncate font-medium">{row.name}</span>
              <span className="text-right font-semibold">
                <Fresh of={row.revenue}>{money(row.revenue, currency)}</Fresh>
              </span>
              <span />
              <span className="truncate text-[0.8125rem] text-muted">
                {counted(row.orders, 'order')} · {percent(share(row))}
              </span>
              <span className="text-right text-[0.8125rem]">
                {comparing && (
                  <Delta
                    change={changeOf(row.revenue, row.previous_revenue)}
                    isNew={row.previous_revenue === 0 && row.revenue > 0}
                  />
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
