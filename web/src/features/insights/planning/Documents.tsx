import { Link } from '@tanstack/react-router'
import { ArrowRight, Undo2 } from 'lucide-react'
import type { AcceptedPlan } from '@/client/api'
import { asProblem } from '@/client/problem'
import { counted, fullDay, money } from '@/lib/format'
import { Button } from '@/ui/Button'
import { Notice } from '@/ui/Notice'
import { useTakeBack } from './queries'

type Document = AcceptedPlan['documents'][number]

type DocumentsProps = {
  documents: Document[]
  planId: string
  /** None: they are not made yet. */
  onTakenBack?: () => void
}

/** What lines become, or became: from whom, to where, how much. */
export function Documents({ documents, planId, onTakenBack }: DocumentsProps) {
  const back = useTakeBack(planId, onTakenBack)
  return (
    <>
      <ul className="divide-y divide-line rounded-xl border border-line">
        {documents.map((made) => (
          <li
            key={made.line_nos[0]}
            className="num flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3"
          >
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-x-1.5 font-medium">
                {made.from_name || 'Nobody'}{' '}
                <ArrowRight size={14} className="text-muted" aria-hidden />
                <span className="sr-only">to</span> {made.to_name}
              </p>
              <p className="text-[0.8125rem] text-muted">
                {made.kind === 'transfer' ? 'Transfer' : 'Purchase order'}
                {made.number && ` ${made.number}`} · {counted(made.line_nos.length, 'line')},{' '}
                {counted(made.units, 'unit')}
                {made.expected_on && ` · expected ${fullDay(made.expected_on)}`}
                {!made.is_new && ' · made earlier'}
              </p>
            </div>
            {made.cost !== null && made.currency !== null && (
              <span className="font-semibold">{money(made.cost, made.currency)}</span>
            )}
            {made.document_id !== null && <OpenDocument made={made} id={made.document_id} />}
            {made.document_id !== null && onTakenBack && made.is_new && (
              <Button
                disabled={back.isPending}
                onClick={() => made.document_id && back.mutate(made.document_id)}
              >
                <Undo2 size={15} aria-hidden /> Take back
              </Button>
            )}
          </li>
        ))}
      </ul>
      {back.error && <Notice tone="bad">{asProblem(back.error).message}</Notice>}
    </>
  )
}

function OpenDocument({ made, id }: { made: Document; id: string }) {
  const look = 'font-medium text-accent underline underline-offset-4'
  return made.kind === 'transfer' ? (
    <Link
      to="/insights/planning/transfers/$transferId"
      params={{ transferId: id }}
      className={look}
    >
      Open {made.number ?? 'the transfer'}
    </Link>
  ) : (
    <Link to="/purchasing/$orderId" params={{ orderId: id }} className={look}>
      Open {made.number ?? 'the order'}
    </Link>
  )
}
