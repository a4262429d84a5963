import { CirclePause, CirclePlay, PlugZap, RefreshCw } from 'lucide-react'
import type { Connection, Freshness } from '@/client/api'
import { useZone } from '@/client/store'
import { useMay } from '@/features/session/me'
import { age, moment, wordOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { useAct } from './queries'
import { lag, STATES } from './words'

type ConnectionCardProps = { connection: Connection; freshness: Freshness[] | undefined }

/** One account: its state with the reason, how fresh each thing is, and what can be done. */
export function ConnectionCard({ connection, freshness }: ConnectionCardProps) {
  const { name, state, state_reason: reason, state_since: since } = connection
  const zone = useZone()
  const may = useMay('api:write')
  const act = useAct()
  const go = (what: Parameters<typeof act.mutate>[0]['act']) => () =>
    act.mutate({ connection: name, act: what })
  return (
    <Card
      title={name}
      note={connection.connector === name ? undefined : wordOf(connection.connector)}
      actions={<Badge tone={STATES[state].tone}>{STATES[state].label}</Badge>}
    >
      {reason && (
        <p className="px-4 text-[0.8125rem] text-muted sm:px-5">
          {reason} <span className="num">Since {moment(since, zone)}.</span>
        </p>
      )}
      <dl className="num flex-1 px-4 py-2 sm:px-5">
        {freshness?.map((row) => (
          <div
            key={row.resource}
            className="flex items-baseline gap-3 border-b border-line py-1.5 last:border-b-0"
          >
            <dt className="font-medium">{wordOf(row.resource)}</dt>
            <dd className="ml-auto text-right text-[0.8125rem] text-muted">
              <span className={row.is_late ? 'text-down' : undefined}>{lag(row)}</span>
              {row.newest_fact_age_seconds !== null && (
                <span className="block text-xs">newest {age(row.newest_fact_age_seconds)} old</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p className="px-4 pb-2 text-xs text-muted sm:px-5">{pushes(connection)}</p>
      <div className="flex flex-wrap gap-2 border-t border-line px-4 py-3 sm:px-5">
        <ActionButton may={may} onClick={go('sync')} disabled={act.isPending}>
          <RefreshCw size={15} aria-hidden /> Read orders now
        </ActionButton>
        <ActionButton may={may} look="plain" onClick={go('check')} disabled={act.isPending}>
          <PlugZap size={15} aria-hidden /> Check
        </ActionButton>
        {state === 'active' ? (
          <ActionButton may={may} look="plain" onClick={go('pause')} disabled={act.isPending}>
            <CirclePause size={15} aria-hidden /> Pause
          </ActionButton>
        ) : (
          <ActionButton may={may} look="plain" onClick={go('resume')} disabled={act.isPending}>
            <CirclePlay size={15} aria-hidden /> Resume
          </ActionButton>
        )}
      </div>
    </Card>
  )
}

function pushes({ pushes_stock: stock, pushes_prices: prices, is_selling: sells }: Connection) {
  if (!sells) return 'Selling is stopped: it is told that nothing is in stock.'
  if (!stock && !prices) return 'Only read: it is told neither stock nor prices.'
  return `It is told ${[stock && 'stock', prices && 'prices'].filter(Boolean).join(' and ')}.`
}
