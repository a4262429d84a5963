import { Link } from '@tanstack/react-router'
import { CheckCircle2, Equal } from 'lucide-react'
import { useState } from 'react'
import type { ChangeRow, ExplainAnswer, Filters } from '@/client/api'
import { withParams } from '@/client/follow'
import { channelName, useStore } from '@/client/store'
import { counted, moment, shortId, shortMoment, wordOf } from '@/lib/format'
import { exactSum, isSame } from '@/lib/sum'
import { SelectField, TextField } from '@/ui/Field'
import { Message } from '@/ui/Message'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { FailedReport } from './faces'
import { ANALYTICS, useChanges } from './queries'
import { written } from './units'

/** Figures that landed facts can be followed for. */
const FOLLOWED = [
  'revenue',
  'gross_revenue',
  'refunded',
  'orders',
  'units',
  'revenue_with_shipping',
  'revenue_with_tax',
]

const HOUR = 3_600_000
const MOMENTS = [
  { value: '1', label: 'an hour ago' },
  { value: '24', label: 'this time yesterday' },
  { value: '168', label: 'a week ago' },
  { value: '720', label: '30 days ago' },
  { value: 'own', label: 'a moment of your own' },
]

type ChangesViewProps = { answer: ExplainAnswer; url: string }

/** The figure as it was known at a moment, as it is known now, and the facts that came in between. */
export function ChangesView({ answer, url }: ChangesViewProps) {
  const [now] = useState(() => Date.now())
  const [since, setSince] = useState('24')
  const [own, setOwn] = useState('')
  const { slug, label } = answer.metric
  const before =
    since === 'own' ? momentOf(own) : new Date(now - Number(since) * HOUR).toISOString()
  const asked =
    before && FOLLOWED.includes(slug)
      ? withParams(`${ANALYTICS}/changes?${url.split('?')[1] ?? ''}`, { metric: slug, before })
      : null
  const query = useChanges(asked)
  const changes = query.data?.pages[0]
  if (!FOLLOWED.includes(slug)) {
    return (
      <Message icon={Equal} title="Not followed over time" className="min-h-48">
        What changed can be told of revenue, with and without shipping and tax, gross revenue,
        refunds, orders and units, because the facts they are made of keep the moment they came in.
      </Message>
    )
  }
  return (
    <section aria-label="What changed" className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          label={`What changed ${label.toLowerCase()} since`}
          value={since}
          options={MOMENTS}
          onChange={setSince}
          className="w-full sm:w-60"
        />
        {since === 'own' && (
          <TextField
            label="Moment, by your clock"
            type="datetime-local"
            value={own}
            onChange={setOwn}
            className="w-full sm:w-60"
          />
        )}
      </div>
      {query.error && !changes && <FailedReport query={query} className="min-h-48" />}
      {asked && !changes && !query.error && <RowsSkeleton rows={5} height={48} />}
      {changes && query.rows && (
        <div className={query.isPlaceholderData ? 'opacity-55' : ''}>
          <Step changes={changes} rows={query.rows} complete={!query.hasNextPage} unit={answer} />
          {query.rows.length > 0 && (
            <div className="-mx-5 mt-3 border-t border-line">
              <ChangeRows rows={query.rows} answer={answer} />
              <MoreRows query={query} shown={counted(query.rows.length, 'fact')} />
            </div>
          )}
        </div>
      )}
    </section>
  )
}

/** What a field for local time holds, as a moment; null while it is not one. */
function momentOf(typed: string): string | null {
  const at = new Date(typed)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

type StepProps = {
  changes: {
    before: string
    after: string
    value_before: number | null
    value_after: number | null
    difference: number | null
  }
  rows: ChangeRow[]
  complete: boolean
  unit: ExplainAnswer
}

function Step({ changes, rows, complete, unit }: StepProps) {
  const zone = useStore().data?.timezone
  const say = (value: number | null) => written(value, unit.figure.unit, unit.figure.currency ?? '')
  const { difference } = changes
  const right =
    difference !== null && isSame(exactSum(rows.map(({ amount }) => amount)), difference)
  return (
    <>
      <dl className="num grid gap-px overflow-hidden rounded-xl border border-line bg-line sm:grid-cols-3 [&>div]:bg-card [&>div]:px-4 [&>div]:py-2.5">
        <div>
          <dt className="text-xs text-muted">{moment(changes.before, zone)}</dt>
          <dd className="text-base font-semibold">{say(changes.value_before)}</dd>
        </div>
        <div>
          <dt className="text-xs text-muted">Difference</dt>
          <dd className="text-base font-semibold">
            {difference !== null && difference > 0 && '+'}
            {say(difference)}
          </dd>
        </div>
        <div>
          <dt className="text-xs text-muted">{moment(changes.after, zone)}</dt>
          <dd className="text-base font-semibold">{say(changes.value_after)}</dd>
        </div>
      </dl>
      <p role="status" className="mt-3 flex items-center gap-2 text-[0.8125rem] text-muted">
        {complete && right && rows.length > 0 && (
          <CheckCircle2 size={16} className="shrink-0 text-up" aria-hidden />
        )}
        {rows.length === 0
          ? 'Nothing came in between that is about these days.'
          : complete && right
            ? `${counted(rows.length, 'fact')} came in between and add up to the difference.`
            : `${counted(rows.length, 'fact')} so far, the newest first.`}
      </p>
    </>
  )
}

function ChangeRows({ rows, answer }: { rows: ChangeRow[]; answer: ExplainAnswer }) {
  const store = useStore().data
  return (
    <Table label="What came in between">
      <thead>
        <tr>
          <Head>What</Head>
          <Head className="max-sm:hidden">Channel</Head>
          <Head>Came in</Head>
          <Head right>Changed by</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <ChangedRow key={index} row={row} answer={answer} store={store} />
        ))}
      </tbody>
    </Table>
  )
}

type ChangedRowProps = { row: ChangeRow; answer: ExplainAnswer; store: Filters | undefined }

function ChangedRow({ row, answer, store }: ChangedRowProps) {
  const { figure } = answer
  return (
    <tr className={ROW}>
      <RowHead>
        {row.order_id ? (
          <Link
            to="/orders/$orderId"
            params={{ orderId: row.order_id }}
            className="font-medium break-all underline decoration-faint underline-offset-4 hover:text-accent"
          >
            {row.order_number ?? shortId(row.order_id)}
          </Link>
        ) : (
          <span className="font-medium">{shortId(row.refund_id ?? '')}</span>
        )}
        <span className="block text-xs text-muted">
          {row.kind === 'refund' ? 'Refund' : `Order${row.status ? `, ${wordOf(row.status)}` : ''}`}
        </span>
      </RowHead>
      <Cell className="max-sm:hidden">{channelName(row.channel, store)}</Cell>
      <Cell>{shortMoment(row.ingested_at, store?.timezone)}</Cell>
      <Cell right className="font-medium whitespace-nowrap">
        {row.amount > 0 && '+'}
        {written(row.amount, figure.unit, figure.currency ?? '')}
      </Cell>
    </tr>
  )
}
