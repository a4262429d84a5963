import clsx from 'clsx'
import { PackageCheck } from 'lucide-react'
import type { LowStockRow, Metrics } from '@/client/api'
import { count, counted } from '@/lib/format'
import { Card } from '@/ui/Card'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'

const LOOKS = {
  critical: { badge: 'bg-down-soft text-down', bar: 'bg-down' },
  warning: { badge: 'bg-warn-soft text-warn', bar: 'bg-warn' },
  info: { badge: 'bg-sunk text-muted', bar: 'bg-faint' },
} as const

export function LowStockCard({ metrics }: { metrics: Metrics | null }) {
  const more = metrics ? metrics.low_stock_alerts - metrics.low_stock.length : 0
  return (
    <Card
      title="Low stock"
      note={
        metrics && metrics.low_stock_alerts > 0
          ? `now, ${counted(metrics.low_stock_alerts, 'item')}`
          : 'now'
      }
      className="lg:col-span-6 xl:col-span-4 xl:min-h-[40rem]"
    >
      {!metrics && <RowsSkeleton rows={10} height={54} />}
      {metrics?.low_stock.length === 0 && (
        <Message icon={PackageCheck} title="Nothing runs short">
          Every item is above its reorder point.
        </Message>
      )}
      {metrics && metrics.low_stock.length > 0 && (
        <ul className="flex-1 px-4 pb-2 sm:px-5">
          {metrics.low_stock.map((row) => (
            <Item key={`${row.product_id} ${row.location}`} row={row} />
          ))}
        </ul>
      )}
      {more > 0 && (
        <p className="num border-t border-line px-5 py-2.5 text-[0.8125rem] text-muted">
          and {counted(more, 'item')} more, less urgent than these
        </p>
      )}
    </Card>
  )
}

function Item({ row }: { row: LowStockRow }) {
  const look = LOOKS[row.severity]
  const level = row.reorder_point > 0 ? Math.max(0, row.available) / row.reorder_point : 0
  return (
    <li className="num flex h-13.5 items-center gap-3">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium" title={row.name}>
          {row.name}
        </span>
        <span className="block truncate text-xs text-muted">
          {row.sku} · {row.location}
        </span>
      </span>
      <span className="flex shrink-0 flex-col items-end gap-1.5">
        <span className={clsx('rounded-md px-1.5 py-0.5 text-xs font-medium', look.badge)}>
          {row.available <= 0 ? 'Out of stock' : `${count(row.available)} left`}
        </span>
        <span className="flex items-center gap-2 text-xs text-muted">
          <span aria-hidden className="h-1 w-12 overflow-hidden rounded-full bg-sunk">
            <span
              className={clsx('block h-full rounded-full', look.bar)}
              style={{ width: `${Math.min(1, level) * 100}%` }}
            />
          </span>
          reorder at {count(row.reorder_point)}
        </span>
      </span>
    </li>
  )
}
