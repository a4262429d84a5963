import { History } from 'lucide-react'
import { useZone } from '@/client/store'
import { shortMoment, wordOf } from '@/lib/format'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { useRuns } from './queries'
import { done, nameOf, RUN_TONES } from './words'

/** The last runs, the newest first. */
export function RunsCard() {
  const query = useRuns()
  const zone = useZone()
  const rows = query.data
  return (
    <Card title="Last runs">
      {query.error && !rows && <FailedQuery query={query} className="min-h-48" />}
      {!rows && !query.error && <RowsSkeleton rows={6} height={53} />}
      {rows?.length === 0 && (
        <Message icon={History} title="Nothing was read yet" className="min-h-48">
          The first run begins by itself.
        </Message>
      )}
      {rows && rows.length > 0 && (
        <Table label="Runs of syncs">
          <thead>
            <tr>
              <Head>What</Head>
              <Head className="w-full">Outcome</Head>
              <Head className="max-sm:hidden">Why</Head>
              <Head right>Began</Head>
            </tr>
          </thead>
          <tbody>
            {rows.map((run) => (
              <tr key={run.run_id} className={ROW}>
                <RowHead className="whitespace-nowrap">
                  {nameOf(run.what)}
                  <span className="mt-0.5 block">
                    <Badge tone={RUN_TONES[run.status]}>{wordOf(run.status)}</Badge>
                  </span>
                </RowHead>
                <Cell className="text-[0.8125rem] text-muted">{run.error ?? done(run.counts)}</Cell>
                <Cell className="text-[0.8125rem] whitespace-nowrap text-muted max-sm:hidden">
                  {wordOf(run.why)}
                </Cell>
                <Cell right className="whitespace-nowrap text-[0.8125rem]">
                  {shortMoment(run.started_at, zone)}
                </Cell>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}
