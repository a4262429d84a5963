import { Link } from '@tanstack/react-router'
import { UserRound } from 'lucide-react'
import type { CustomerLine, CustomersAnswer } from '@/client/api'
import { useMay } from '@/features/session/me'
import { count, country, money, shortId } from '@/lib/format'
import { Badge, type Tone } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, type Column, Heads, ROW, RowHead, Table } from '@/ui/Table'
import { CsvButton } from '../CsvButton'
import { type CustomersSearch, fileName, rangeOf } from '../filters'
import { ANALYTICS, type CustomersParams } from '../queries'
import { useCsv } from '../useCsv'

const TONES: Record<string, Tone> = {
  VIP: 'accent',
  Loyal: 'good',
  New: 'good',
  'At Risk': 'warn',
  Lost: 'bad',
}
const MOST = 200

type TopCustomersCardProps = {
  answer: CustomersAnswer | null
  params: CustomersParams | null
  search: CustomersSearch
}

/** Who is worth most so far. Names are there for those who may see them; the server decides. */
export function TopCustomersCard({ answer, params, search }: TopCustomersCardProps) {
  const csv = useCsv()
  const may = useMay('customers:read')
  return (
    <Card
      title="Top customers"
      note="by revenue, from their first order on"
      className="lg:col-span-8"
      actions={
        <CsvButton
          csv={csv}
          of="top customers"
          file={
            params && {
              path: `${ANALYTICS}/customers`,
              params: { ...params, limit: MOST },
              name: fileName('customers', rangeOf(search), search.channel, search.country),
            }
          }
        />
      }
    >
      {!answer && <RowsSkeleton rows={10} height={53} />}
      {answer?.top.length === 0 && (
        <Message icon={UserRound} title="No customer has ordered yet" className="min-h-72">
          They stand here once somebody buys.
        </Message>
      )}
      {answer && answer.top.length > 0 && <Rows rows={answer.top} currency={answer.currency} />}
      {answer && answer.top.length > 0 && !may.allowed && may.why && (
        <p className="border-t border-line px-5 py-3 text-[0.8125rem] text-muted">{may.why}</p>
      )}
    </Card>
  )
}

const COLUMNS: Column[] = [
  { label: 'Customer' },
  { label: 'Segment', className: 'max-sm:hidden' },
  { label: 'Orders', right: true, className: 'max-md:hidden' },
  { label: 'Average order', right: true, className: 'whitespace-nowrap max-lg:hidden' },
  { label: 'Revenue', right: true },
  { label: 'Lifetime value', right: true, className: 'whitespace-nowrap max-sm:hidden' },
]

function Rows({ rows, currency }: { rows: CustomerLine[]; currency: string }) {
  const may = useMay('customers:read')
  return (
    <Table label="Top customers">
      <Heads columns={COLUMNS} />
      <tbody>
        {rows.map((row) => (
          <tr key={row.customer_id} className={ROW}>
            <RowHead className="w-full max-w-0">
              {may.allowed ? (
                <Link
                  to="/customers/$customerId"
                  params={{ customerId: row.customer_id }}
                  title={row.email ?? undefined}
                  className="block truncate font-medium hover:text-accent"
                >
                  {row.name ?? `Customer ${shortId(row.customer_id)}`}
                </Link>
              ) : (
                <span className="block font-medium">Customer {shortId(row.customer_id)}</span>
              )}
              <span className="block truncate text-xs text-muted">
                {[row.city, row.country && country(row.country), row.customer_lifetime_stage]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </RowHead>
            <Cell className="max-sm:hidden">
              {row.customer_segment && (
                <Badge tone={TONES[row.customer_segment]}>{row.customer_segment}</Badge>
              )}
            </Cell>
            <Cell right className="max-md:hidden">
              {count(row.total_orders)}
            </Cell>
            <Cell right className="whitespace-nowrap max-lg:hidden">
              {money(row.avg_order_value, currency)}
            </Cell>
            <Cell right className="font-medium whitespace-nowrap">
              {money(row.total_revenue, currency)}
            </Cell>
            <Cell right className="whitespace-nowrap max-sm:hidden">
              {money(row.customer_lifetime_value, currency)}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
