import { Hammer, RefreshCw } from 'lucide-react'
import { Refused } from '@/client/problem'
import { Button } from '@/ui/Button'
import { Command } from '@/ui/Command'
import { FailedQuery, PANEL } from '@/ui/Failed'
import { Message } from '@/ui/Message'

type Loading = { error: unknown; isFetching: boolean; refetch: () => unknown }

/** Why a report is not there. The usual reason, on the first day, is that nothing has built it yet. */
export function FailedReport({ query, className }: { query: Loading; className?: string }) {
  if (!isNotBuilt(query.error)) return <FailedQuery query={query} className={className} />
  return (
    <Message
      icon={Hammer}
      title="Gold is not built yet"
      className={className ?? PANEL}
      actions={
        <Button look="solid" onClick={() => void query.refetch()} disabled={query.isFetching}>
          <RefreshCw size={15} aria-hidden /> {query.isFetching ? 'Looking…' : 'Look again'}
        </Button>
      }
    >
      <p>
        This report reads the gold tables. They are built by schedule; to have them now, build them
        yourself:
      </p>
      <p className="mt-4">
        <Command>tradewind warehouse build</Command>
      </p>
    </Message>
  )
}

export function isNotBuilt(error: unknown): boolean {
  return error instanceof Refused && error.code === 'gold_not_built'
}
