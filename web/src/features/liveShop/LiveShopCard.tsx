import { Store } from 'lucide-react'
import { useState } from 'react'
import type { GridProduct, LiveSales, MinuteSales } from '@/client/api'
import { clockTime, count, counted, DASH, money } from '@/lib/format'
import { Badge, type Tone } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { SelectField } from '@/ui/Field'
import { Fresh } from '@/ui/Fresh'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Segments } from '@/ui/Segments'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import {
  type GridChoice,
  ROWS,
  useGrid,
  useLiveFilters,
  useLiveSales,
  useMovesWith,
} from './queries'

const STATUS: Record<GridProduct['stock_status'], { word: string; tone: Tone }> = {
  0: { word: 'In stock', tone: 'good' },
  1: { word: 'Almost out', tone: 'warn' },
  2: { word: 'Out of stock', tone: 'bad' },
}

const RANKINGS: { value: GridChoice['ranking']; label: string }[] = [
  { value: 'status', label: 'Best sellers' },
  { value: 'price', label: 'Price' },
]

type LiveShopCardProps = {
  /** Moves with the figures: then the card asks again. */
  version: number | undefined
  /** The store's. */
  zone: string | undefined
}

/** What buyers see now: what is left, what sells this hour, what is trending. */
export function LiveShopCard({ version, zone }: LiveShopCardProps) {
  const [choice, setChoice] = useState<GridChoice>({
    category: 'all',
    ranking: 'status',
    showOutOfStock: false,
  })
  useMovesWith(version)
  const grid = useGrid(choice)
  const sales = useLiveSales()
  const rows = grid.data?.items
  return (
    <Card title="Live shop" note="this hour" className="md:col-span-2 lg:col-span-12">
      <Controls choice={choice} onChange={setChoice} />
      <div className="grid grid-cols-1 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0 xl:border-r xl:border-line">
          {grid.error && !rows && <FailedQuery query={grid} className="min-h-60" />}
          {!rows && !grid.error && <RowsSkeleton rows={ROWS} height={53} />}
          {rows?.length === 0 && (
            <Message icon={Store} title="Nothing to sell here">
              No product of this category is in stock.
            </Message>
          )}
          {rows && rows.length > 0 && <Grid rows={rows} />}
        </div>
        <Counters sales={sales.data} zone={zone} />
      </div>
    </Card>
  )
}

type ControlsProps = { choice: GridChoice; onChange: (choice: GridChoice) => void }

function Controls({ choice, onChange }: ControlsProps) {
  const filters = useLiveFilters()
  const categories = (filters.data?.categories ?? [{ id: 'All', value: 'All' }]).map(
    ({ id, value }) => ({
      value: id === 'All' ? 'all' : id,
      label: id === 'All' ? 'All categories' : value,
    }),
  )
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 pt-1 pb-3 sm:px-5">
      <SelectField
        label="Category"
        hideLabel
        className="w-full sm:w-56"
        value={choice.category}
        options={categories}
        onChange={(category) => onChange({ ...choice, category })}
      />
      <Segments
        label="Order of the products"
        className="max-sm:flex-1"
        options={RANKINGS}
        value={choice.ranking}
        onChange={(ranking) => onChange({ ...choice, ranking })}
      />
      <label className="flex h-9 items-center gap-2 text-[0.8125rem] text-muted pointer-coarse:h-11">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={choice.showOutOfStock}
          onChange={(event) => onChange({ ...choice, showOutOfStock: event.target.checked })}
        />
        Out of stock too
      </label>
    </div>
  )
}

function Grid({ rows }: { rows: GridProduct[] }) {
  return (
    <Table label="Products that can be bought now">
      <thead>
        <tr>
          <Head className="w-full">Product</Head>
          <Head right className="max-sm:hidden">
            Price
          </Head>
          <Head right>Sold</Head>
          <Head right>Left</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.product_id} className={ROW}>
            <RowHead className="max-w-0">
              <span className="flex min-w-0 items-center gap-2">
                <span className="truncate font-medium" title={row.name}>
                  {row.name}
                </span>
                {row.rank_status && <Badge tone="accent">{row.rank_status}</Badge>}
              </span>
              <span className="block truncate text-xs text-muted">
                {row.sku}
                <span className="sm:hidden"> · {price(row)}</span>
                <span className="max-sm:hidden">{row.category && ` · ${row.category}`}</span>
              </span>
            </RowHead>
            <Cell right className="max-sm:hidden">
              {price(row)}
            </Cell>
            <Cell right className="font-medium">
              <Fresh of={row.hits}>{count(row.hits)}</Fresh>
            </Cell>
            <Cell right className="whitespace-nowrap">
              <span className="block font-medium">
                <Fresh of={row.available}>{count(row.available)}</Fresh>
              </span>
              <Badge tone={STATUS[row.stock_status].tone}>{STATUS[row.stock_status].word}</Badge>
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function price({ price, currency }: GridProduct): string {
  return price === null || currency === null ? DASH : money(price, currency)
}

type CountersProps = { sales: LiveSales | undefined; zone: string | undefined }

function Counters({ sales, zone }: CountersProps) {
  return (
    <div className="flex min-w-0 flex-col max-xl:border-t max-xl:border-line">
      <dl className="num border-b border-line px-4 py-3 sm:px-5">
        {sales?.totals.length === 0 && <dt className="text-muted">Nothing is sold yet.</dt>}
        {sales?.totals.map((total) => (
          <div key={total.currency} className="flex items-baseline justify-between gap-3 py-0.5">
            <dt className="text-[0.8125rem] text-muted">
              Sold so far, {counted(total.sales, 'line')}, {counted(total.units, 'unit')}
            </dt>
            <dd className="font-medium whitespace-nowrap">
              <Fresh of={total.revenue}>{money(total.revenue, total.currency)}</Fresh>
            </dd>
          </div>
        ))}
      </dl>
      <h3 className="px-4 pt-3 text-[0.8125rem] font-medium sm:px-5">Minute by minute</h3>
      {!sales && <RowsSkeleton rows={6} height={45} />}
      {sales?.minutes.length === 0 && (
        <p className="px-4 py-3 text-muted sm:px-5">Nothing was sold within this hour.</p>
      )}
      {sales && sales.minutes.length > 0 && <Minutes rows={sales.minutes} zone={zone} />}
    </div>
  )
}

function Minutes({ rows, zone }: { rows: MinuteSales[]; zone: string | undefined }) {
  return (
    <ul className="num px-4 pt-1 pb-3 sm:px-5">
      {rows.map((row) => (
        <li
          key={`${row.minute} ${row.product_id} ${row.store_id} ${row.currency}`}
          className="flex min-h-11 items-center gap-3"
        >
          <time dateTime={row.minute} className="w-10 shrink-0 text-xs text-muted">
            {clockTime(row.minute, zone)}
          </time>
          <span className="min-w-0 flex-1">
            <span className="block truncate" title={row.product_name}>
              {row.product_name}
            </span>
            <span className="block truncate text-xs text-muted">{row.store_id}</span>
          </span>
          <span className="text-right whitespace-nowrap">
            <span className="block">{money(row.revenue, row.currency)}</span>
            <span className="block text-xs text-muted">{counted(row.units, 'unit')}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
