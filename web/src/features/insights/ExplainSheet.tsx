import { CheckCircle2, CircleAlert } from 'lucide-react'
import { useState } from 'react'
import type { ExplainAnswer, Filters } from '@/client/api'
import { channelName, useStore } from '@/client/store'
import { addDays } from '@/lib/dates'
import { count, counted, country, dayRange, moment } from '@/lib/format'
import { exactSum, isSame } from '@/lib/sum'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Segments } from '@/ui/Segments'
import { Sheet } from '@/ui/Sheet'
import { ChangesView } from './ChangesView'
import { ComputedView } from './ComputedView'
import { ExplainRows } from './ExplainRows'
import type { Explained, ExplainView } from './explaining'
import { FailedReport } from './faces'
import { useExplanation } from './queries'
import { partUnit, written } from './units'

const VIEWS: { value: ExplainView; label: string }[] = [
  { value: 'rows', label: 'The rows behind it' },
  { value: 'computed', label: 'How it is computed' },
  { value: 'changes', label: 'What changed?' },
]

type ExplainSheetProps = { what: Explained | null; onClose: () => void }

/** Where a number comes from: what it means, the rows that add up to it, its SQL, and how it has changed. */
export function ExplainSheet({ what, onClose }: ExplainSheetProps) {
  return (
    <Sheet
      title={what ? `${what.title}: where does it come from?` : ''}
      open={what !== null}
      onClose={onClose}
      className="sm:mr-0 sm:h-dvh sm:max-h-none sm:w-[46rem] sm:max-w-[calc(100vw-3rem)] sm:rounded-l-2xl sm:rounded-r-none"
    >
      {what && <Explanation key={what.url} what={what} />}
    </Sheet>
  )
}

function Explanation({ what }: { what: Explained }) {
  const [view, setView] = useState(what.view ?? 'rows')
  const query = useExplanation(what.url)
  const answer = query.data?.pages[0]
  if (!answer) {
    return query.error ? (
      <FailedReport query={query} className="min-h-96" />
    ) : (
      <div aria-busy>
        <p className="sr-only">Loading the explanation</p>
        <RowsSkeleton rows={9} height={52} />
      </div>
    )
  }
  return (
    <div className="space-y-4 p-5">
      <Meaning answer={answer} />
      <Segments
        label="What to show"
        options={VIEWS}
        value={view}
        onChange={setView}
        className="max-w-full overflow-x-auto"
      />
      {view === 'rows' && (
        <section aria-label="The rows behind it" className="space-y-3">
          <AddsUp answer={answer} rows={query.rows ?? []} complete={!query.hasNextPage} />
          <div className="-mx-5 border-t border-line">
            <ExplainRows answer={answer} rows={query.rows ?? []} />
            <MoreRows query={query} shown={counted(query.rows?.length ?? 0, 'row')} />
          </div>
        </section>
      )}
      {view === 'computed' && <ComputedView answer={answer} />}
      {view === 'changes' && <ChangesView answer={answer} url={what.url} />}
    </div>
  )
}

/** The figure, its words, and which days and sales it is about. */
function Meaning({ answer }: { answer: ExplainAnswer }) {
  const store = useStore().data
  const { metric, figure, freshness } = answer
  const currency = figure.currency ?? ''
  const scope = [
    answer.from && answer.to ? dayRange(answer.from, addDays(answer.to, -1)) : 'All days',
    answer.timezone,
    ...Object.entries(answer.filters).flatMap(([name, values]) =>
      values.map((value) => filterWord(name, value, store)),
    ),
  ]
  return (
    <div className="space-y-3">
      <div>
        <p className="num text-3xl font-semibold tracking-tight">
          {written(figure.value, figure.unit, currency)}
        </p>
        <p className="num mt-1 text-[0.8125rem] text-muted">{scope.join(' · ')}</p>
      </div>
      <div className="rounded-xl bg-sunk px-4 py-3">
        <p className="font-medium">
          {metric.label} = {metric.formula}
        </p>
        <p className="mt-1 text-muted">{metric.description}</p>
        {metric.undefined_when && (
          <p className="mt-1 text-muted">Undefined when {metric.undefined_when}.</p>
        )}
        <p className="num mt-2 text-[0.8125rem] text-muted">
          {freshness.source === 'live'
            ? `Live, up to the second: ${moment(freshness.as_of, store?.timezone)}`
            : `From gold, built ${moment(freshness.as_of, store?.timezone)}`}
          {freshness.newest_fact_at &&
            ` · newest fact ${moment(freshness.newest_fact_at, store?.timezone)}`}
        </p>
      </div>
    </div>
  )
}

export function filterWord(name: string, value: string, store: Filters | undefined): string {
  // A score alone says nothing: of what it is one has to be told.
  if (name === 'recency' || name === 'frequency') return `${name} ${value}`
  if (value === '') return `${name} not known`
  if (name === 'channel') return channelName(value, store)
  if (name === 'country') return country(value)
  return value
}

type AddsUpProps = { answer: ExplainAnswer; rows: ExplainAnswer['rows']; complete: boolean }

/** The rows that are here, added up, beside what all of them come to. */
function AddsUp({ answer, rows, complete }: AddsUpProps) {
  const store = useStore().data
  const { figure, columns } = answer
  const parts = (['numerator', 'denominator'] as const).flatMap((role) => {
    const column = columns.find((one) => one.role === role)
    const whole = figure[role]
    if (!column || whole === null) return []
    const sum = exactSum(rows.map((row) => row[column.name] as number | null))
    return [{ role, whole, sum, unit: partUnit(answer, role) }]
  })
  const ratio = parts.length > 1
  const right = parts.every(({ whole, sum }) => isSame(whole, sum))
  const currency = figure.currency ?? store?.currency ?? ''
  const Icon = complete && !right ? CircleAlert : CheckCircle2
  return (
    <div role="status" className="num flex items-start gap-2.5">
      {complete && (
        <Icon
          size={18}
          aria-hidden
          className={`mt-0.5 shrink-0 ${right ? 'text-up' : 'text-down'}`}
        />
      )}
      <div>
        <p className="font-medium">
          {parts.map(({ sum, unit }) => written(sum, unit, currency)).join(' ÷ ')}
          {ratio && ` = ${written(figure.value, figure.unit, currency)}`}
        </p>
        <p className="text-[0.8125rem] text-muted">
          {complete
            ? right
              ? `All ${counted(rows.length, 'row')} add up to the figure.`
              : 'These rows do not add up to the figure: something came in between. Open it again.'
            : `The ${count(rows.length)} rows so far, of ${parts
                .map(({ whole, unit }) => written(whole, unit, currency))
                .join(' ÷ ')} in all.`}
        </p>
      </div>
    </div>
  )
}
