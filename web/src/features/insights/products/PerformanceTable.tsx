import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { Star } from 'lucide-react'
import type { ProductPerformance, ProductsAnswer } from '@/client/api'
import { withParams } from '@/client/follow'
import { addDays } from '@/lib/dates'
import { count, counted, DASH, money } from '@/lib/format'
import { Badge, type Tone } from '@/ui/Badge'
import { Cell, type Column, Heads, ROW, RowHead, Table } from '@/ui/Table'
import { Opens } from '../Opens'
import { written } from '../units'

const STOCK: Record<string, Tone> = {
  'Out of Stock': 'bad',
  Critical: 'bad',
  Low: 'warn',
  Normal: 'good',
  Overstock: 'accent',
}

const COLUMNS: Column[] = [
  { label: 'Product' },
  { label: 'Revenue', right: true },
  { label: 'Units', right: true, className: 'max-lg:hidden' },
  { label: 'Margin', right: true, className: 'max-sm:hidden' },
  { label: 'Velocity', right: true, className: 'max-md:hidden' },
  { label: 'Health', className: 'max-md:hidden' },
  { label: 'Rating', className: 'max-xl:hidden' },
  { label: 'Stock', right: true, className: 'max-sm:hidden' },
]

/** Each product with what it brought, how fast it sells, how well it stands, and what is left of it. */
export function PerformanceTable({ answer }: { answer: ProductsAnswer }) {
  const { rows, currency } = answer
  const most = Math.max(0, ...rows.map(({ total_revenue: revenue }) => revenue))
  const fastest = Math.max(0, ...rows.map(({ velocity }) => velocity ?? 0))
  return (
    <Table label="Products and how they perform">
      <Heads columns={COLUMNS} />
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.product_id}
            {...{ row, currency, asOf: answer.as_of_date, most, fastest }}
          />
        ))}
      </tbody>
    </Table>
  )
}

type RowProps = {
  row: ProductPerformance
  currency: string
  asOf: string | null
  most: number
  fastest: number
}

function sinceFirstSale(row: ProductPerformance, asOf: string | null): string | undefined {
  if (!row.first_sold_date || !asOf) return undefined
  return withParams(row.explain, { from: row.first_sold_date, to: addDays(asOf, 1) })
}

function Row({ row, currency, asOf, most, fastest }: RowProps) {
  const of = row.product_name
  const opens = { url: row.explain, of }
  // These are of all days from the first sale on, which a flow has to be told.
  const ofAll = { url: sinceFirstSale(row, asOf), of }
  return (
    <tr className={clsx(ROW, 'hover:bg-sunk')}>
      <RowHead className="w-full max-w-0">
        <Link
          to="/products/$productId"
          params={{ productId: row.product_id }}
          title={row.product_name}
          className="block truncate font-medium hover:text-accent"
        >
          {row.product_name}
        </Link>
        <span className="block truncate text-xs text-muted">
          {[row.sku, row.category, row.life_cycle].filter(Boolean).join(' · ')}
        </span>
        <span className="mt-1 flex items-center gap-2 sm:hidden">
          <Stock row={row} />
        </span>
      </RowHead>
      <Cell right className="font-medium whitespace-nowrap">
        <Opens metric="revenue" {...ofAll}>
          {money(row.total_revenue, currency)}
        </Opens>
        <Meter of={row.total_revenue} most={most} className="mt-1 ml-auto w-24 max-sm:w-16" />
      </Cell>
      <Cell right className="max-lg:hidden">
        <Opens metric="units" {...ofAll}>
          {count(row.total_units_sold)}
        </Opens>
        <span className="block text-xs whitespace-nowrap text-muted">{row.sales_performance}</span>
      </Cell>
      <Cell right className="max-sm:hidden">
        <Opens metric="margin" {...ofAll}>
          {written(row.margin, 'fraction', currency)}
        </Opens>
      </Cell>
      <Cell right className="whitespace-nowrap max-md:hidden">
        <Opens metric="velocity" {...opens}>
          {written(row.velocity, 'per_day', currency)}
        </Opens>
        <Meter of={row.velocity ?? 0} most={fastest} className="mt-1 ml-auto w-16" />
      </Cell>
      <Cell className="max-md:hidden">
        <Health row={row} />
      </Cell>
      <Cell className="whitespace-nowrap max-xl:hidden">
        <Rating row={row} />
      </Cell>
      <Cell right className="max-sm:hidden">
        <Stock row={row} />
      </Cell>
    </tr>
  )
}

type MeterProps = { of: number; most: number; className?: string; look?: string }

function Meter({ of, most, className, look = 'bg-accent' }: MeterProps) {
  const width = most > 0 ? Math.max(0, Math.min(1, of / most)) * 100 : 0
  return (
    <span aria-hidden className={clsx('block h-1 overflow-hidden rounded-full bg-sunk', className)}>
      <span className={clsx('block h-full rounded-full', look)} style={{ width: `${width}%` }} />
    </span>
  )
}

const WELL = 66
const FAIR = 33

function Health({
  row: { product_health_score: score, health_basis: basis },
}: {
  row: ProductPerformance
}) {
  if (score === null) return <span className="text-muted">{DASH}</span>
  const look = score >= WELL ? 'bg-up' : score >= FAIR ? 'bg-c3' : 'bg-down'
  return (
    <span className="block w-16" title={basis ? `Out of 100, told from: ${basis}` : 'Out of 100'}>
      <span className="font-medium">{written(score, 'score', '')}</span>
      <Meter of={score} most={100} look={look} className="mt-1" />
    </span>
  )
}

function Rating({
  row: { avg_rating: rating, review_count: reviews },
}: {
  row: ProductPerformance
}) {
  if (rating === null) return <span className="text-muted">None yet</span>
  return (
    <span title={counted(reviews, 'review')} className="inline-flex items-center gap-1">
      <Star size={13} aria-hidden className="fill-current text-warn" />
      {rating.toFixed(1)} <span className="text-xs text-muted">({count(reviews)})</span>
    </span>
  )
}

function Stock({ row: { current_stock: stock, stock_level: level } }: { row: ProductPerformance }) {
  if (stock === null || level === null)
    return <span className="text-xs text-muted">Not counted</span>
  return (
    <span className="inline-flex flex-col items-end gap-0.5 max-sm:flex-row max-sm:items-center max-sm:gap-2">
      <Badge tone={STOCK[level]}>{level}</Badge>
      {stock > 0 && <span className="text-xs text-muted">{count(stock)} left</span>}
    </span>
  )
}
