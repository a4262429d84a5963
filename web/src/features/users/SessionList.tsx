import { MonitorSmartphone } from 'lucide-react'
import type { SignIn } from '@/client/api'
import type { usePages } from '@/client/pages'
import { useZone } from '@/client/store'
import { counted, moment } from '@/lib/format'
import { Badge } from '@/ui/Badge'
import { Button } from '@/ui/Button'
import { FailedQuery } from '@/ui/Failed'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { browserOf } from './words'

type SessionListProps = {
  sessions: ReturnType<typeof usePages<SignIn>>
  /** The id of the one that is being ended. */
  ending: string | null
  onEnd: (sessionId: string) => void
}

/** Where somebody is signed in, and the way to end it. */
export function SessionList({ sessions, ending, onEnd }: SessionListProps) {
  const zone = useZone()
  const { rows } = sessions
  if (sessions.isPending) return <RowsSkeleton rows={2} height={56} />
  if (!rows) return <FailedQuery query={sessions} className="" />
  if (rows.length === 0) {
    return <p className="px-4 pt-1 pb-4 text-muted sm:px-5">Signed in nowhere.</p>
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {rows.map((session) => {
          const name = browserOf(session.user_agent) ?? 'Unknown program'
          return (
            <li
              key={session.session_id}
              className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3 sm:px-5"
            >
              <MonitorSmartphone size={18} aria-hidden className="shrink-0 text-muted" />
              <div className="min-w-0 flex-1 basis-48">
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-medium break-words">{name}</span>
                  {session.is_current && <Badge tone="good">this one</Badge>}
                </p>
                <p className="num text-xs text-muted">
                  {session.address && `${session.address} · `}since{' '}
                  {moment(session.created_at, zone)}
                </p>
              </div>
              <Button
                aria-label={`${session.is_current ? 'Sign out' : 'End'}: ${name}, since ${moment(session.created_at, zone)}`}
                disabled={ending !== null}
                onClick={() => onEnd(session.session_id)}
              >
                {ending === session.session_id
                  ? 'Ending…'
                  : session.is_current
                    ? 'Sign out'
                    : 'End'}
              </Button>
            </li>
          )
        })}
      </ul>
      {(sessions.hasNextPage || rows.length > 5) && (
        <MoreRows query={sessions} shown={counted(rows.length, 'session')} />
      )}
    </>
  )
}
