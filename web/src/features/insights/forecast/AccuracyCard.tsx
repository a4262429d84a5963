import { Target } from 'lucide-react'
import type { ForecastAccuracy } from '@/client/api'
import { useZone } from '@/client/store'
import { counted, DASH, fullDay, moment, percent, wordOf } from '@/lib/format'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { useAccuracy } from './queries'

/** What the forecasts missed: in the back-test of the last training, and since they were made. */
export function AccuracyCard({ className }: { className?: string }) {
  const query = useAccuracy()
  const zone = useZone()
  const answer = query.data
  return (
    <Card title="How good it was" note={answer && learntAt(answer, zone)} className={className}>
      {query.error && !answer && <FailedQuery query={query} className="min-h-72" />}
      {!answer && !query.error && <RowsSkeleton rows={6} height={44} />}
      {answer && <Scores answer={answer} />}
      {answer && <Since answer={answer} />}
    </Card>
  )
}

/** When the models were trained, and the last day that they were given since. */
function learntAt({ trained_at, rolled_until }: ForecastAccuracy, zone: string | undefined) {
  const trained = `trained ${moment(trained_at, zone)}`
  return rolled_until ? `${trained}, with days up to ${fullDay(rolled_until)}` : trained
}

function Scores({ answer }: { answer: ForecastAccuracy }) {
  const rows = answer.scores.filter(
    ({ model, horizon }) => model === answer.model && horizon === '1-90',
  )
  if (rows.length === 0) {
    return (
      <Message icon={Target} title="Not measured yet" className="min-h-48">
        There is too little history to forecast a part of it and look how that came out.
      </Message>
    )
  }
  return (
    <Table label={`Back-test of ${answer.model}, by kind of demand`}>
      <thead>
        <tr>
          <Head className="w-full">Demand</Head>
          <Head right>Missed</Head>
          <Head right className="whitespace-nowrap">
            Last week repeated
          </Head>
          <Head right className="whitespace-nowrap max-sm:hidden">
            In the 80 %
          </Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} className={ROW}>
            <RowHead>
              {wordOf(row.name)}
              <span className="block text-xs text-muted">
                {counted(row.series, 'product')}, {counted(row.windows, 'window')}
              </span>
            </RowHead>
            <Cell right className="font-medium">
              {percent(row.wape)}
            </Cell>
            <Cell right className="text-muted">
              {percent(row.naive_wape)}
            </Cell>
            <Cell right className="text-muted max-sm:hidden">
              {percent(row.coverage_80)}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function Since({ answer }: { answer: ForecastAccuracy }) {
  if (answer.live.length === 0) {
    return (
      <p className="border-t border-line px-4 py-3 text-[0.8125rem] text-muted sm:px-5">
        What these forecasts meet from now on will stand here, day by day.
      </p>
    )
  }
  return (
    <div className="border-t border-line">
      <Table label="Forecasts that were served, and what came">
        <thead>
          <tr>
            <Head className="w-full">Days ahead</Head>
            <Head right>Missed</Head>
            <Head right>Too high by</Head>
          </tr>
        </thead>
        <tbody>
          {answer.live.map((row) => (
            <tr key={row.lag} className={ROW}>
              <RowHead>{row.lag}</RowHead>
              <Cell right>{percent(row.wape)}</Cell>
              <Cell right className="text-muted">
                {row.bias === null ? DASH : `${row.bias < 0 ? '−' : ''}${percent(row.bias)}`}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
