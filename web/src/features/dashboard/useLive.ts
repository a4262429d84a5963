import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { session } from '@/features/session/session'
import type { MetricsParams } from './filters'
import { LiveChannel, type LiveState, liveUrl } from './live'
import { metricsKey, takeIn } from './queries'

export type Live = {
  state: LiveState
  pause: () => void
  resume: () => void
  retryNow: () => void
}

/** Keeps the query of these parameters fed by the live channel, while the tab can be seen. */
export function useLive(params: MetricsParams | null): Live {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>({ kind: 'connecting' })
  const [channel] = useState(
    () =>
      new LiveChannel({
        url: liveUrl(),
        token: (renew) => (renew ? session.renew() : session.token()),
        onMetrics: (metrics, of) => takeIn(client, of, metrics),
        onGap: () => void client.invalidateQueries({ queryKey: ['metrics'] }),
        onState: setState,
      }),
  )

  useEffect(() => {
    const onVisibility = () =>
      document.hidden ? channel.pause('hidden') : channel.resume('hidden')
    const onOnline = () => channel.retryNow()
    document.addEventListener('visibilitychange', onVisibility)
    window.addEventListener('online', onOnline)
    onVisibility()
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      window.removeEventListener('online', onOnline)
      channel.close()
    }
  }, [channel])

  const key = JSON.stringify(metricsKey(params))
  useEffect(() => {
    if (params) channel.subscribe(params)
    // `params` is a new object on every render; its text says whether it changed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [channel, key])

  return useMemo(
    () => ({
      state,
      pause: () => channel.pause('asked'),
      resume: () => {
        channel.resume('asked')
        void client.invalidateQueries({ queryKey: ['metrics'] })
      },
      retryNow: () => channel.retryNow(),
    }),
    [state, channel, client],
  )
}
