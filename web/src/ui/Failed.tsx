import { CloudOff, Lock, RefreshCw, SearchX } from 'lucide-react'
import { asProblem, type Problem, Refused, SessionEnded } from '@/client/problem'
import { Button } from './Button'
import { Message } from './Message'

export const PANEL = 'min-h-[26rem] rounded-card border border-line bg-card shadow-card'

type FailedProps = { problem: Problem; onRetry: () => void; busy: boolean; className?: string }

/** The first load failed: there is nothing to keep. */
export function Failed({ problem, onRetry, busy, className = PANEL }: FailedProps) {
  const status = problem instanceof Refused ? problem.status : 0
  const hopeless = status === 403 || status === 404
  return (
    <div role="alert">
      <Message
        icon={status === 403 ? Lock : status === 404 ? SearchX : CloudOff}
        title={problem.title}
        className={className}
        actions={
          !hopeless && (
            <Button look="solid" onClick={onRetry} disabled={busy}>
              <RefreshCw size={15} aria-hidden /> {busy ? 'Trying…' : 'Try again'}
            </Button>
          )
        }
      >
        <p>{problem.message}</p>
        {problem.requestId && <p className="mt-1 text-xs">Request {problem.requestId}</p>}
      </Message>
    </div>
  )
}

/** A later load failed: the old figures stay, and this says so without moving them. */
export function FailedOver({ problem, onRetry, busy }: FailedProps) {
  return (
    <div
      role="alert"
      className="fixed inset-x-3 bottom-19 z-20 mx-auto flex max-w-xl animate-[rise_180ms_ease-out] items-center gap-3 rounded-xl border border-line bg-card p-3 pl-4 shadow-raised sm:bottom-3"
    >
      <CloudOff size={20} className="shrink-0 text-down" aria-hidden />
      <p className="min-w-0 flex-1">
        <span className="font-semibold">{problem.title}.</span>{' '}
        <span className="text-muted">
          {problem.message} Below are the last figures that arrived.
        </span>
      </p>
      <Button onClick={onRetry} disabled={busy}>
        <RefreshCw size={15} aria-hidden /> Retry
      </Button>
    </div>
  )
}

type Loading = { error: unknown; isFetching: boolean; refetch: () => unknown }

/** The face of a query that has failed with nothing to show; none while a session is being ended. */
export function FailedQuery({ query, className }: { query: Loading; className?: string }) {
  if (!query.error || query.error instanceof SessionEnded) return null
  return (
    <Failed
      problem={asProblem(query.error)}
      onRetry={() => void query.refetch()}
      busy={query.isFetching}
      className={className}
    />
  )
}
