import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import type { PlannedProduct } from '@/client/api'
import { count, counted, DASH, fullDay, money, percent } from '@/lib/format'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, type Column, Heads, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import type { PlanningSearch } from '../filters'
import { useClassed } from './queries'
import { lasts, PACES } from './words'

const COLUMNS: Column[] = [
  { label: 'Product' },
  { label: 'Class' },
  { label: 'Earned', right: true },
  { label: 'Varies', right: true, className: 'max-lg:hidden' },
  { label: 'There', right: true, className: 'max-sm:hidden' },
  { label: 'Stock at cost', right: true, className: 'max-md:hidden' },
  { label: 'Lasts', right: true, className: 'max-md:hidden' },
  { label: 'Last sale', right: true, className: 'max-lg:hidden' },
]

type ClassedProductsProps = { search: PlanningSearch; currency: string; title: string }

/** The products of a cell or of a pace, those that earned most first. */
export function ClassedProducts({ search, currency, title }: ClassedProductsProps) {
  const query = useClassed(search)
  const { rows } = query
  return (
    <Card title={title} note="last 365 days">
      {query.error && !rows && <FailedQuery query={query} className="min-h-72" />}
      {!rows && !query.error && <RowsSkeleton rows={8} height={57} />}
      {rows?.length === 0 && (
        <p className="px-5 py-8 text-center text-muted">No product is here.</p>
      )}
      {rows && rows.length > 0 && (
        <div
          aria-busy={query.isPlaceholderData}
          className={clsx('transition-opacity', query.isPlaceholderData && 'opacity-55')}
        >
          <Table label={title}>
            <Heads columns={COLUMNS} />
            <tbody>
              {rows.map((row) => (
                <Row key={row.product_id} row={row} currency={currency} />
              ))}
            </tbody>
          </Table>
          <MoreRows query={query} shown={counted(rows.length, 'product')} />
        </div>
      )}
    </Card>
  )
}

function Row({ row, currency }: { row: PlannedProduct; currency: string }) {
  const pace = PACES[row.pace]
  return (
    <tr className={LINK_ROW}>
      <RowHead className="w-full max-w-0">
        <Link
          to="/products/$productId"
          params={{ productId: row.product_id }}
          className={clsx(ROW_LINK, 'block truncate')}
        >
          {row.name}
        </Link>
        <span className="block truncate text-xs text-muted">
          {[row.sku, row.category].filter(Boolean).join(' · ')}
        </span>
      </RowHead>
      <Cell className="whitespace-nowrap">
        <span className="font-medium">
          {row.abc}
          {row.xyz ?? DASH}
        </span>{' '}
        {pace && row.pace !== 'moving' && <Badge tone={pace.tone}>{pace.label}</Badge>}
      </Cell>
      <Cell right className="font-medium whitespace-nowrap" title={EARNED[row.worth_is]}>
        {money(row.worth, currency)}
        {row.worth_is.startsWith('revenue') && (
          <span className="block text-xs font-normal text-muted">cost unknown</span>
        )}
      </Cell>
      <Cell right className="max-lg:hidden">
        {percent(row.variation)}
      </Cell>
      <Cell right className="max-sm:hidden">
        {count(row.on_hand)}
      </Cell>
      <Cell right className="whitespace-nowrap max-md:hidden">
        {money(row.stock_value, currency)}
      </Cell>
      <Cell right className="whitespace-nowrap max-md:hidden">
        {lasts(row.cover_days)}
      </Cell>
      <Cell right className="whitespace-nowrap text-muted max-lg:hidden">
        {row.last_sale ? fullDay(row.last_sale) : 'never'}
      </Cell>
    </tr>
  )
}

const EARNED: Record<string, string> = {
  margin: 'Revenue less the cost of the goods',
  margin_after_fees: 'Revenue less the cost of the goods and what channels kept',
  revenue: 'Revenue: nobody has said what it costs',
  revenue_after_fees: 'Revenue less what channels kept: nobody has said what it costs',
}
