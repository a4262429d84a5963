import clsx from 'clsx'
import { Pause, Play, RefreshCw } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useEffect, useState } from 'react'
import type { Metrics } from '@/client/api'
import { age, ago, counted } from '@/lib/format'
import { Button } from '@/ui/Button'
import { Key } from '@/ui/Key'
import type { LiveState } from './live'
import { POLL_MS } from './queries'
import type { Live } from './useLive'

type LiveStatusProps = { live: Live; metrics: Metrics | null; receivedAt: number }

const WORDS: Record<LiveState['kind'], string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  paused: 'Paused',
  refused: 'Not live',
}

/** Whether the figures move by themselves, and how old they are. */
export function LiveStatus({ live, metrics, receivedAt }: LiveStatusProps) {
  const { state } = live
  return (
    <Popover.Root>
      {/* Said aloud when it changes; inside the button it would not be. */}
      <span role="status" className="sr-only">
        Updates: {WORDS[state.kind]}
      </span>
      <Popover.Trigger asChild>
        <Button className="num w-36 justify-start lg:w-70">
          <Light state={state} />
          {WORDS[state.kind]}
          {metrics && (
            <span
              className={clsx(
                'ml-auto text-[0.8125rem] font-normal text-muted',
                state.kind !== 'live' && 'max-lg:hidden',
              )}
            >
              <DataAge metrics={metrics} receivedAt={receivedAt} />
            </span>
          )}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-label="Live updates"
          className="z-30 w-80 max-w-[calc(100vw-1.5rem)] rounded-xl border border-line bg-card p-4 shadow-raised"
        >
          <Explanation state={state} />
          {metrics && <Sources metrics={metrics} receivedAt={receivedAt} />}
          <Act live={live} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Light({ state }: { state: LiveState }) {
  return (
    <span
      aria-hidden
      className={clsx('size-2 rounded-full', {
        'bg-up ring-3 ring-up-soft': state.kind === 'live',
        'animate-[beat_1.2s_ease-in-out_infinite] bg-warn':
          state.kind === 'reconnecting' || state.kind === 'connecting',
        'bg-faint': state.kind === 'paused' || state.kind === 'refused',
      })}
    />
  )
}

function Explanation({ state }: { state: LiveState }) {
  const now = useNow()
  switch (state.kind) {
    case 'live':
      return <p>Every sale shows here the moment it is booked.</p>
    case 'connecting':
      return <p>Opening the live channel…</p>
    case 'refused':
      return <p>The server does not follow this view live: {state.detail}</p>
    case 'paused':
      return state.reason === 'asked' ? (
        <p>The figures stand still until you resume.</p>
      ) : (
        <p>Paused while this tab is hidden.</p>
      )
    case 'reconnecting': {
      const wait = state.retryAt === null ? 0 : Math.ceil((state.retryAt - now) / 1000)
      return (
        <p>
          The live channel is down; the figures are fetched every {POLL_MS / 1000} seconds
          meanwhile.{' '}
          <span className="num text-muted">
            {wait > 0 ? `Next try in ${wait} s.` : 'Trying now…'}
          </span>
        </p>
      )
    }
  }
}

function Sources({ metrics, receivedAt }: { metrics: Metrics; receivedAt: number }) {
  const since = Math.max(0, (useNow() - receivedAt) / 1000)
  const { freshness } = metrics
  const names = new Map(metrics.channels.map(({ channel, name }) => [channel, name]))
  return (
    <dl className="num mt-3 grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5 border-t border-line pt-3">
      <dt className="font-medium">Newest event</dt>
      <dd className="text-right font-medium">
        {freshness.age_seconds === null ? 'none yet' : ago(freshness.age_seconds + since)}
      </dd>
      {freshness.sources.map(({ channel, age_seconds }) => (
        <div key={channel} className="contents text-muted">
          <dt>{names.get(channel) ?? channel}</dt>
          <dd className="text-right">
            {age_seconds === null ? 'none yet' : ago(age_seconds + since)}
          </dd>
        </div>
      ))}
      <div className="contents text-muted">
        <dt>On their way</dt>
        <dd className="text-right">{counted(freshness.backlog, 'event')}</dd>
      </div>
    </dl>
  )
}

function Act({ live }: { live: Live }) {
  if (live.state.kind === 'paused') {
    return (
      <Button className="mt-4 w-full" onClick={live.resume}>
        <Play size={15} aria-hidden /> Resume <Key className="ml-auto">P</Key>
      </Button>
    )
  }
  return (
    <div className="mt-4 flex gap-2">
      {live.state.kind === 'reconnecting' && (
        <Button className="flex-1" onClick={live.retryNow}>
          <RefreshCw size={15} aria-hidden /> Try now
        </Button>
      )}
      <Button className="flex-1" onClick={live.pause}>
        <Pause size={15} aria-hidden /> Pause <Key className="ml-auto">P</Key>
      </Button>
    </div>
  )
}

/** The age of the newest event, counting on by itself between documents. */
function DataAge({ metrics, receivedAt }: { metrics: Metrics; receivedAt: number }) {
  const now = useNow()
  const { age_seconds } = metrics.freshness
  if (age_seconds === null) return <span className="max-md:hidden">No events yet</span>
  const seconds = age_seconds + Math.max(0, (now - receivedAt) / 1000)
  return (
    <>
      <span className="max-md:hidden">Newest event {ago(seconds)}</span>
      <span className="md:hidden">{seconds < 2 ? 'now' : age(seconds)}</span>
    </>
  )
}

/** The time, read anew every second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
