import { Link } from '@tanstack/react-router'
import { ListX } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ExplainAnswer, ExplainColumn, Filters } from '@/client/api'
import { channelName, useStore } from '@/client/store'
import { country, DASH, fullDay, money, month, shortId, wordOf } from '@/lib/format'
import { Message } from '@/ui/Message'
import { Cell, Head, ROW, Table } from '@/ui/Table'
import { partUnit, written } from './units'

type Row = ExplainAnswer['rows'][number]

/** Ids stand behind the names that people know things by, where there are such. */
const BEHIND: Record<string, string> = {
  order: 'order_number',
  refund: 'order_number',
  line_no: 'order_number',
  product_id: 'sku',
}

const HEADS: Record<string, string> = {
  order_number: 'Order',
  order_id: 'Order',
  customer_id: 'Customer',
  customer_segment: 'Segment',
  product_name: 'Product',
  sku: 'SKU',
  local_day: 'Day',
  cohort_month: 'First order',
  denominator: 'Divided by',
}
/** Amounts in the row's own currency, or in that of the report. */
const AMOUNTS = new Set([
  'revenue',
  'refunded',
  'cost',
  'tax',
  'shipping',
  'fees',
  'total_revenue',
  'avg_order_value',
  'customer_lifetime_value',
])
/** Codes that read better as words. */
const CODES = new Set(['kind', 'status'])

/** Without columns that say nothing here: empty ones, one currency for all, and the figure a second time. */
function shownColumns({ columns, figure }: ExplainAnswer, rows: Row[]): ExplainColumn[] {
  const names = new Set(columns.map(({ name }) => name))
  const isSaid = (name: string) => {
    if (name === 'currency') return rows.some((row) => row.currency !== figure.currency)
    if (rows.every((row) => row[name] === row.numerator)) return false
    return rows.some((row) => row[name] !== 0 && row[name] !== null && row[name] !== '')
  }
  return columns.filter(
    ({ name, role }) => !names.has(BEHIND[name] ?? '') && (role !== 'fact' || isSaid(name)),
  )
}

export function ExplainRows({ answer, rows }: { answer: ExplainAnswer; rows: Row[] }) {
  const store = useStore().data
  const columns = shownColumns(answer, rows)
  if (rows.length === 0) {
    return (
      <Message icon={ListX} title="No row" className="min-h-48">
        Nothing happened in these days with these filters, so the figure is what it is without any.
      </Message>
    )
  }
  return (
    <section
      aria-label="Rows"
      // A box that scrolls must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="overflow-x-auto"
    >
      <Table label="The rows behind the figure">
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.name} right={isNumber(column, rows)} className="whitespace-nowrap">
                {column.role === 'numerator' && answer.figure.denominator === null
                  ? answer.metric.label
                  : (HEADS[column.name] ?? wordOf(column.name))}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} className={ROW}>
              {columns.map((column) => (
                <Cell
                  key={column.name}
                  right={isNumber(column, rows)}
                  className={`whitespace-nowrap ${column.role === 'numerator' ? 'font-medium' : ''}`}
                >
                  {valueOf(column, row, answer, store)}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  )
}

function isNumber({ name }: ExplainColumn, rows: Row[]): boolean {
  return rows.some((row) => typeof row[name] === 'number')
}

function valueOf(
  column: ExplainColumn,
  row: Row,
  answer: ExplainAnswer,
  store: Filters | undefined,
): ReactNode {
  const { name, role } = column
  const value = row[name] as string | number | null
  const currency = answer.figure.currency ?? store?.currency ?? ''
  if (value === null || value === '') return DASH
  if (typeof value === 'number') {
    if (role === 'numerator' || role === 'denominator') {
      return written(value, partUnit(answer, role), currency)
    }
    const own = typeof row.currency === 'string' ? row.currency : currency
    return AMOUNTS.has(name) ? money(value, own) : written(value, 'count', '')
  }
  const order = row.order_id ?? row.order
  if ((name === 'order_number' || name === 'order_id') && typeof order === 'string') {
    return (
      <Link to="/orders/$orderId" params={{ orderId: order }} className={LINK}>
        {name === 'order_id' ? shortId(value) : value}
      </Link>
    )
  }
  if ((name === 'sku' || name === 'product_name') && typeof row.product_id === 'string') {
    return (
      <Link to="/products/$productId" params={{ productId: row.product_id }} className={LINK}>
        {value}
      </Link>
    )
  }
  if (name === 'channel' || name === 'first_channel') return channelName(value, store)
  if (name === 'country') return country(value)
  if (name.endsWith('_id') || name === 'customer') return shortId(value)
  if (name === 'month' || name === 'cohort_month') return month(value)
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return fullDay(value)
  return CODES.has(name) ? wordOf(value) : value
}

const LINK = 'font-medium underline decoration-faint underline-offset-4 hover:text-accent'
