import { Package } from 'lucide-react'
import type { Metrics, ProductRow } from '@/client/api'
import { count, money } from '@/lib/format'
import { Card } from '@/ui/Card'
import { changeOf, Delta } from '@/ui/Delta'
import { Fresh } from '@/ui/Fresh'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { useSteadyOrder } from './useSteadyOrder'

type TopProductsCardProps = { metrics: Metrics | null; comparing: boolean }

const ROWS = 10

export function TopProductsCard({ metrics, comparing }: TopProductsCardProps) {
  return (
    <Card
      title="Top products"
      note="by revenue"
      className="md:col-span-2 lg:col-span-12 xl:col-span-5 xl:min-h-[40rem]"
    >
      {!metrics && <RowsSkeleton rows={ROWS} height={54} />}
      {metrics?.top_products.length === 0 && (
        <Message icon={Package} title="No product sold">
          Nothing matches this range and these filters.
        </Message>
      )}
      {metrics && metrics.top_products.length > 0 && (
        <Products rows={metrics.top_products} currency={metrics.currency} comparing={comparing} />
      )}
    </Card>
  )
}

type ProductsProps = { rows: ProductRow[]; currency: string; comparing: boolean }

function Products({ rows: fresh, currency, comparing }: ProductsProps) {
  const { rows, hold } = useSteadyOrder(fresh, (row) => row.product_id)
  const most = Math.max(...rows.map((row) => row.revenue))
  return (
    <table className="num mb-2 w-full border-separate border-spacing-0" {...hold}>
      <caption className="sr-only">Top products by revenue</caption>
      <thead className="text-xs text-muted">
        <tr className="h-7 [&>th]:font-medium">
          <th scope="col" className="w-full pr-3 pl-4 text-left sm:pl-5">
            Product
          </th>
          <th scope="col" className="hidden px-3 text-right sm:table-cell">
            Units
          </th>
          <th scope="col" className="min-w-24 pr-4 pl-2 text-right sm:pr-5">
            Revenue
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.product_id} className="h-13.5 hover:bg-sunk">
            <th scope="row" className="max-w-0 pr-3 pl-4 text-left font-normal sm:pl-5">
              <span className="block truncate font-medium" title={row.name}>
                {row.name}
              </span>
              <span className="flex items-center gap-2 text-xs text-muted">
                <Share of={row.revenue} most={most} />
                <span className="truncate">
                  {row.sku}
                  <span className="sm:hidden"> · {count(row.units_sold)} units</span>
                  <span className="hidden sm:inline">{row.category && ` · ${row.category}`}</span>
                </span>
              </span>
            </th>
            <td className="hidden px-3 text-right text-muted sm:table-cell">
              {count(row.units_sold)}
            </td>
            <td className="pr-4 pl-2 text-right whitespace-nowrap sm:pr-5">
              <span className="block font-medium">
                <Fresh of={row.revenue}>{money(row.revenue, currency)}</Fresh>
              </span>
              {comparing && (
                <Delta
                  className="text-xs"
                  change={changeOf(row.revenue, row.previous_revenue)}
                  isNew={row.previous_revenue === 0 && row.revenue > 0}
                />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Share({ of, most }: { of: number; most: number }) {
  const width = most > 0 ? Math.max(0, of / most) * 100 : 0
  return (
    <span
      aria-hidden
      className="h-1 w-14 shrink-0 max-sm:hidden overflow-hidden rounded-full bg-sunk"
    >
      <span className="block h-full rounded-full bg-accent" style={{ width: `${width}%` }} />
    </span>
  )
}
