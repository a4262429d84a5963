import { ClipboardCheck, RefreshCw } from 'lucide-react'
import { asProblem, Refused } from '@/client/problem'
import { useMay } from '@/features/session/me'
import { ActionButton } from '@/ui/ActionButton'
import { Command } from '@/ui/Command'
import { FailedQuery, PANEL } from '@/ui/Failed'
import { Message } from '@/ui/Message'
import { Notice } from '@/ui/Notice'
import { useMakePlan } from './queries'

type Loading = { error: unknown; isFetching: boolean; refetch: () => unknown }

/** Why there is no list. The usual reason, on the first day, is that nobody has made a plan yet. */
export function FailedPlan({ query }: { query: Loading }) {
  const may = useMay('stock:write')
  const make = useMakePlan()
  if (!isNoPlan(query.error)) return <FailedQuery query={query} />
  return (
    <Message
      icon={ClipboardCheck}
      title="Nothing is planned yet"
      className={PANEL}
      actions={
        <ActionButton
          may={may}
          look="solid"
          disabled={make.isPending}
          onClick={() => make.mutate(null)}
        >
          <RefreshCw size={15} aria-hidden /> {make.isPending ? 'Planning…' : 'Make a plan'}
        </ActionButton>
      }
    >
      <p>
        A plan says for every product in every place what to order and what to move, and why. One is
        made every day by itself. It is the better for three things:
      </p>
      <ul className="mt-3 list-disc space-y-1 pl-5 text-left">
        <li>Stock that was counted.</li>
        <li>Suppliers with what they sell, ask and how long they take.</li>
        <li>
          Forecasts; without them it goes by the last eight weeks. Train them with{' '}
          <Command>tradewind forecast train</Command>
        </li>
      </ul>
      {make.error && (
        <Notice tone="bad" className="mt-4 text-left">
          {asProblem(make.error).message}
        </Notice>
      )}
    </Message>
  )
}

export function isNoPlan(error: unknown): boolean {
  return error instanceof Refused && error.code === 'no_plan'
}
