import { getRouteApi } from '@tanstack/react-router'
import clsx from 'clsx'
import { Package } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Filters, ProductsAnswer } from '@/client/api'
import { useStore } from '@/client/store'
import { counted, fullDay, moment } from '@/lib/format'
import { useShortcuts } from '@/lib/shortcuts'
import { Card } from '@/ui/Card'
import { type BarFilter, FilterBar } from '@/ui/FilterBar'
import { Message } from '@/ui/Message'
import { NoMatch } from '@/ui/NoMatch'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { SearchField } from '@/ui/SearchField'
import { Segments } from '@/ui/Segments'
import { CsvButton } from '../CsvButton'
import { FailedReport } from '../faces'
import { Figures } from '../Figures'
import {
  BANDS,
  fileName,
  type PerformanceSearch,
  PRODUCT_FILTERS,
  type ProductFilter,
  type ProductOrder,
  readPerformanceSearch,
} from '../filters'
import { InsightsPage } from '../InsightsPage'
import { ListEnd } from '../ListEnd'
import { ANALYTICS, usePerformance } from '../queries'
import { writtenParts } from '../units'
import { useCsv } from '../useCsv'
import { PerformanceTable } from './PerformanceTable'

const route = getRouteApi('/in/insights/products')
const STEP = 50
const MOST = 1000

const ORDERS: { value: ProductOrder; label: string }[] = [
  { value: 'best', label: 'Best' },
  { value: 'worst', label: 'Worst' },
  { value: 'velocity', label: 'Fastest' },
  { value: 'health', label: 'Healthiest' },
  { value: 'margin', label: 'Margin' },
]

const WORDS: Record<ProductFilter, { one: string; many: string }> = {
  performance: { one: 'Sales', many: 'Sales performance' },
  stock_level: { one: 'Stock', many: 'Stock levels' },
  life_cycle: { one: 'Age', many: 'Life cycle' },
}

type Go = (search: PerformanceSearch, replace?: boolean) => void

export function PerformancePage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const store = useStore().data
  const [shown, setShown] = useState({ of: search, limit: STEP })
  // Another question begins with its first rows.
  const limit = shown.of === search ? shown.limit : STEP
  const { order = 'best', ...filters } = search
  const params = { ...filters, order }
  const query = usePerformance({ ...params, limit })
  const field = useRef<HTMLInputElement>(null)
  const csv = useCsv()
  const go: Go = (next, replace = false) =>
    void navigate({ search: readPerformanceSearch({ ...next }), replace, resetScroll: false })
  const clear = () => go({ order: search.order })
  useShortcuts({ '/': () => field.current?.focus(), Escape: clear })
  const answer = query.data ?? null
  const rows = answer?.rows
  return (
    <InsightsPage title="Product performance">
      <FilterBar filters={filtersOf(search, store, answer, go)} onClear={clear}>
        <SearchField
          ref={field}
          label="Search by name or SKU"
          placeholder="Name or SKU"
          value={search.q ?? ''}
          onChange={(q) => go({ ...search, q }, true)}
          className="w-full sm:w-64"
        />
      </FilterBar>
      {answer && (
        <p className="num text-[0.8125rem] leading-5 text-muted">
          From the first day on · {answer.currency} · built {moment(answer.as_of, store?.timezone)}
          {answer.as_of_date && ` · as of ${fullDay(answer.as_of_date)}`}
        </p>
      )}
      {query.error && !answer ? (
        <FailedReport query={query} />
      ) : (
        <>
          <Figures
            figures={FIGURES}
            shown={({ field, unit }) =>
              answer && {
                value: answer.totals[field],
                parts: writtenParts(answer.totals[field], unit, answer.currency),
              }
            }
            explain={answer?.explain}
            columns="sm:grid-cols-3 xl:grid-cols-6"
            height="h-24"
          />
          <Card
            title="Products"
            note={rows && counted(answer.totals.products, 'product')}
            actions={
              <CsvButton
                csv={csv}
                of="products"
                file={{
                  path: `${ANALYTICS}/products`,
                  params: { ...params, limit: MOST },
                  name: fileName('products', order, search.q, search.category),
                }}
              />
            }
          >
            <div className="overflow-x-auto px-4 pb-2 [scrollbar-width:none] sm:px-5">
              <Segments
                label="Order"
                options={ORDERS}
                value={order}
                onChange={(next) => go({ ...search, order: next })}
              />
            </div>
            {!rows && <RowsSkeleton rows={12} height={57} />}
            {rows?.length === 0 && <NoRows search={search} onClear={clear} />}
            {answer && rows && rows.length > 0 && (
              <div
                aria-busy={query.isPlaceholderData}
                className={clsx('transition-opacity', query.isPlaceholderData && 'opacity-55')}
              >
                <PerformanceTable answer={answer} />
                <ListEnd
                  count={rows.length}
                  of="product"
                  hasMore={answer.more_rows}
                  onMore={
                    limit < MOST
                      ? () => setShown({ of: search, limit: Math.min(MOST, limit * 2) })
                      : undefined
                  }
                />
              </div>
            )}
          </Card>
        </>
      )}
    </InsightsPage>
  )
}

function NoRows({ search, onClear }: { search: PerformanceSearch; onClear: () => void }) {
  return Object.values({ ...search, order: undefined }).some(Boolean) ? (
    <NoMatch of="products" onClear={onClear}>
      {search.q
        ? `No name and no SKU holds “${search.q}” within these filters.`
        : 'No product is in all of these bands at once.'}
    </NoMatch>
  ) : (
    <Message icon={Package} title="No products yet" className="min-h-80">
      Make some, or import those you have; the next build of gold brings them here.
    </Message>
  )
}

const FIGURES = [
  { field: 'revenue', slug: 'revenue', label: 'Revenue', unit: 'money' },
  { field: 'units', slug: 'units', label: 'Units', unit: 'count' },
  { field: 'margin', slug: 'margin', label: 'Gross margin', unit: 'fraction' },
  { field: 'average_health', slug: 'product_health_score', label: 'Health', unit: 'score' },
  { field: 'products_sold', slug: 'products_sold', label: 'Sold at least once', unit: 'count' },
  { field: 'out_of_stock', slug: 'products_out_of_stock', label: 'Out of stock', unit: 'count' },
] as const

function filtersOf(
  search: PerformanceSearch,
  store: Filters | undefined,
  answer: ProductsAnswer | null,
  go: Go,
): BarFilter[] {
  const counts: Record<ProductFilter, ProductsAnswer['stock_levels'] | undefined> = {
    performance: answer?.sales_performance,
    stock_level: answer?.stock_levels,
    life_cycle: answer?.life_cycles,
  }
  return [
    {
      name: 'category',
      menu: {
        one: 'Category',
        many: 'Categories',
        choices: (store?.categories ?? []).map((value) => ({ value, label: value })),
        loaded: store !== undefined,
      },
      chosen: search.category,
      onChange: (category) => go({ ...search, category }),
    },
    ...PRODUCT_FILTERS.map((filter) => ({
      name: filter,
      menu: {
        ...WORDS[filter],
        choices: BANDS[filter].map((value) => ({
          value,
          label: value,
          count: counts[filter]?.find(({ name }) => name === value)?.count,
        })),
        loaded: true,
      },
      chosen: search[filter],
      onChange: (values: string[]) => go({ ...search, [filter]: values }),
    })),
  ]
}
