import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { counted, wordOf } from '@/lib/format'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import { CsvButton } from '../CsvButton'
import { fileName, type ForecastSearch } from '../filters'
import { useCsv } from '../useCsv'
import { units } from './fan'
import { useForecastRows } from './queries'

type ForecastsCardProps = { search: ForecastSearch; className?: string }

/** Every product's total; a row opens its days. */
export function ForecastsCard({ search, className }: ForecastsCardProps) {
  const days = Number(search.days ?? '30')
  const query = useForecastRows(search.channel, days)
  const csv = useCsv()
  const { rows } = query
  return (
    <Card
      title="Products"
      note={`next ${days} days`}
      className={className}
      actions={
        <CsvButton
          csv={csv}
          of="forecasts of products"
          file={{
            path: '/api/v1/forecast/products',
            params: { channel: search.channel, horizon_days: days, limit: 1000 },
            name: fileName('forecasts', search.channel, String(days)),
          }}
        />
      }
    >
      {query.error && !rows && <FailedQuery query={query} className="min-h-72" />}
      {!rows && !query.error && <RowsSkeleton rows={10} height={53} />}
      {rows && (
        <div className={clsx('transition-opacity', query.isPlaceholderData && 'opacity-55')}>
          <Table label="Forecasts of products">
            <thead>
              <tr>
                <Head className="w-full">Product</Head>
                <Head right>Expected</Head>
                <Head right className="whitespace-nowrap max-sm:hidden">
                  80 % between
                </Head>
                <Head className="max-md:hidden">Demand</Head>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr
                  key={row.product_id}
                  className={LINK_ROW}
                  aria-current={row.product_id === search.product || undefined}
                >
                  <RowHead>
                    <Link
                      to="/insights/forecast"
                      search={{ ...search, category: undefined, product: row.product_id }}
                      resetScroll
                      className={ROW_LINK}
                    >
                      {row.name}
                    </Link>
                    <span className="block text-xs text-muted">{row.sku}</span>
                  </RowHead>
                  <Cell right className="font-medium">
                    {units(row.total_predicted_units)}
                  </Cell>
                  <Cell right className="whitespace-nowrap text-muted max-sm:hidden">
                    {row.lower_80 == null || row.upper_80 == null
                      ? 'not kept'
                      : `${units(row.lower_80)} – ${units(row.upper_80)}`}
                  </Cell>
                  <Cell className="text-muted max-md:hidden">
                    {wordOf(row.flags[0] ?? row.demand_class)}
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
          <MoreRows query={query} shown={counted(rows.length, 'product')} />
        </div>
      )}
    </Card>
  )
}
