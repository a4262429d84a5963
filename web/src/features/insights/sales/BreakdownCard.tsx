import clsx from 'clsx'
import { Layers } from 'lucide-react'
import { useState } from 'react'
import type { Filters, RevenueAnswer, RevenueRow } from '@/client/api'
import { channelName } from '@/client/store'
import { count, country, money } from '@/lib/format'
import { Card } from '@/ui/Card'
import { changeOf, Delta } from '@/ui/Delta'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Segments } from '@/ui/Segments'
import { Cell, type Column, Heads, ROW, RowHead, Table } from '@/ui/Table'
import { CsvButton } from '../CsvButton'
import { FailedReport } from '../faces'
import { fileName, type Grouping, rangeOf, type SalesSearch, type ScopeParams } from '../filters'
import { ListEnd } from '../ListEnd'
import { Opens } from '../Opens'
import { ANALYTICS, useRevenue } from '../queries'
import { written } from '../units'
import { useCsv } from '../useCsv'
import type { Go } from './SalesPage'

const GROUPINGS: { value: Grouping; label: string }[] = [
  { value: 'channel', label: 'Channel' },
  { value: 'product', label: 'Product' },
  { value: 'category', label: 'Category' },
  { value: 'country', label: 'Country' },
  { value: 'region', label: 'Region' },
]
const FIRST = 15
const MORE = 50
const MOST = 1000

type BreakdownCardProps = {
  scope: ScopeParams | null
  search: SalesSearch
  store: Filters | undefined
  go: Go
}

/** The sales of the period by one thing, the best or the worst first. */
export function BreakdownCard({ scope, search, store, go }: BreakdownCardProps) {
  const by = search.by ?? 'channel'
  const order: 'best' | 'worst' = search.order ?? 'best'
  const [wanted, setWanted] = useState({ by, rows: FIRST })
  const limit = wanted.by === by ? wanted.rows : FIRST
  const params = scope && { ...scope, group_by: by, order, limit }
  const query = useRevenue(params)
  const csv = useCsv()
  // While another grouping loads, the rows of the one before are not its rows.
  const answer = query.data?.group_by[0] === by ? query.data : undefined
  const word = GROUPINGS.find(({ value }) => value === by)?.label ?? ''
  return (
    <Card
      title={`By ${word.toLowerCase()}`}
      actions={
        <>
          <Segments
            label="Order"
            className="max-sm:hidden"
            options={[
              { value: 'best', label: 'Best first' },
              { value: 'worst', label: 'Worst first' },
            ]}
            value={order}
            onChange={(next) => go({ ...search, order: next === 'worst' ? next : undefined })}
          />
          <CsvButton
            csv={csv}
            of={`sales by ${word.toLowerCase()}`}
            file={
              params && {
                path: `${ANALYTICS}/revenue`,
                params: { ...params, limit: MOST },
                name: fileName('sales-by', by, rangeOf(search), search.channel, search.country),
              }
            }
          />
        </>
      }
    >
      <div className="overflow-x-auto px-4 pb-2 [scrollbar-width:none] sm:px-5">
        <Segments
          label="Group by"
          options={GROUPINGS}
          value={by}
          onChange={(next) => go({ ...search, by: next })}
        />
      </div>
      {query.error && !answer && <FailedReport query={query} className="min-h-72" />}
      {!answer && !query.error && <RowsSkeleton rows={8} height={53} />}
      {answer?.rows.length === 0 && (
        <Message icon={Layers} title="Nothing to show" className="min-h-48">
          There were no sales to group.
        </Message>
      )}
      {answer && answer.rows.length > 0 && (
        <div className={clsx('transition-opacity', query.isPlaceholderData && 'opacity-55')}>
          <Rows answer={answer} by={by} search={search} store={store} go={go} />
          <ListEnd
            count={answer.rows.length}
            of="row"
            hasMore={answer.more_rows}
            onMore={
              limit < MOST ? () => setWanted({ by, rows: Math.min(MOST, limit + MORE) }) : undefined
            }
          />
        </div>
      )}
    </Card>
  )
}

type RowsProps = {
  answer: RevenueAnswer
  by: Grouping
  search: SalesSearch
  store: Filters | undefined
  go: Go
}

const FIGURES: Column[] = [
  { label: 'Orders', right: true, className: 'max-md:hidden' },
  { label: 'Units', right: true, className: 'max-lg:hidden' },
  { label: 'Average order', right: true, className: 'whitespace-nowrap max-lg:hidden' },
  { label: 'Profit', right: true, className: 'max-lg:hidden' },
  { label: 'Margin', right: true, className: 'max-sm:hidden' },
]

function columnsOf(by: Grouping, comparing: boolean): Column[] {
  return [
    { label: GROUPINGS.find(({ value }) => value === by)?.label ?? '', className: 'w-full' },
    { label: 'Revenue', right: true },
    ...(comparing ? [{ label: 'Change', right: true, className: 'max-md:hidden' }] : []),
    ...FIGURES,
  ]
}

function Rows({ answer, by, search, store, go }: RowsProps) {
  const { currency, rows } = answer
  const comparing = answer.previous !== null
  const most = Math.max(0, ...rows.map(({ revenue }) => revenue))
  return (
    <Table label={`Sales by ${by}`}>
      <Heads columns={columnsOf(by, comparing)} />
      <tbody>
        {rows.map((row) => {
          const key = row.keys[by] ?? ''
          const name = nameOf(row, by, store)
          const shown = { row, name, currency }
          return (
            <tr key={key} className={ROW}>
              <RowHead className="w-full max-w-0">
                <RowName
                  {...{ name, isFixed: key === '' || (search[by]?.includes(key) ?? false) }}
                  onChoose={() => go({ ...search, [by]: [key] })}
                />
                <span className="mt-1 flex items-center gap-2">
                  <span aria-hidden className="h-1.5 w-full overflow-hidden rounded-full bg-sunk">
                    <span
                      className="block h-full rounded-full bg-accent"
                      style={{ width: `${most > 0 ? Math.max(0, row.revenue / most) * 100 : 0}%` }}
                    />
                  </span>
                </span>
              </RowHead>
              <Cell right className="font-medium whitespace-nowrap">
                <Figure {...shown} slug="revenue">
                  {money(row.revenue, currency)}
                </Figure>
                {comparing && (
                  <span className="block text-xs md:hidden">
                    <Change row={row} />
                  </span>
                )}
              </Cell>
              {comparing && (
                <Cell right className="max-md:hidden">
                  <Change row={row} />
                </Cell>
              )}
              <Cell right className="max-md:hidden">
                <Figure {...shown} slug="orders">
                  {count(row.orders)}
                </Figure>
              </Cell>
              <Cell right className="max-lg:hidden">
                <Figure {...shown} slug="units">
                  {count(row.units)}
                </Figure>
              </Cell>
              <Cell right className="whitespace-nowrap max-lg:hidden">
                <Figure {...shown} slug="average_order_value">
                  {money(row.average_order_value, currency)}
                </Figure>
              </Cell>
              <Cell right className="whitespace-nowrap max-lg:hidden">
                <Figure {...shown} slug="gross_profit">
                  {money(row.gross_profit, currency)}
                </Figure>
              </Cell>
              <Cell right className="max-sm:hidden">
                <Figure {...shown} slug="margin">
                  {written(row.margin, 'fraction', currency)}
                </Figure>
              </Cell>
            </tr>
          )
        })}
      </tbody>
    </Table>
  )
}

type FigureProps = { row: RevenueRow; name: string; slug: string; children: React.ReactNode }

function Figure({ row, name, slug, children }: FigureProps) {
  return (
    <Opens metric={slug} url={row.explain} of={name}>
      {children}
    </Opens>
  )
}

function Change({ row }: { row: RevenueRow }) {
  const before = row.previous?.revenue ?? 0
  return <Delta change={changeOf(row.revenue, before)} isNew={before === 0 && row.revenue > 0} />
}

type RowNameProps = { name: string; isFixed: boolean; onChoose: () => void }

function RowName({ name, isFixed, onChoose }: RowNameProps) {
  if (isFixed) return <span className="block truncate font-medium">{name}</span>
  return (
    <button
      type="button"
      title={`Show ${name} only`}
      onClick={onChoose}
      className="block max-w-full truncate text-left font-medium hover:text-accent"
    >
      {name}
    </button>
  )
}

function nameOf(row: RevenueRow, by: Grouping, store: Filters | undefined): string {
  const key = row.keys[by]
  if (key === null || key === undefined) return by === 'country' ? 'Unknown' : 'Not known'
  if (by === 'channel') return channelName(key, store)
  return by === 'country' ? country(key) : row.label
}
