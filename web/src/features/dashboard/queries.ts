/** One hook per endpoint of the dashboard. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, bodyOf, type Metrics } from '@/client/api'
import { asProblem, type Problem } from '@/client/problem'
import type { MetricsParams } from './filters'

/** How often the figures are fetched while the live channel is down. */
export const POLL_MS = 10_000

export type MetricsView = {
  metrics: Metrics | null
  /** When the document arrived, by this browser's clock. */
  receivedAt: number
  /** The document answers earlier filters: the asked one is still loading, or failed. */
  outdated: boolean
  problem: Problem | null
  loading: boolean
  retry: () => void
}

export function useMetrics(params: MetricsParams | null, polling: boolean): MetricsView {
  const client = useQueryClient()
  const query = useQuery<Metrics>({
    queryKey: metricsKey(params),
    enabled: params !== null,
    staleTime: POLL_MS,
    refetchInterval: polling ? POLL_MS : false,
    queryFn: async ({ signal }) => {
      const fetched = await bodyOf(
        api.GET('/api/v1/dashboard/metrics', { params: { query: params ?? {} }, signal }),
      )
      return newer(client.getQueryData<Metrics>(metricsKey(params)), fetched)
    },
  })
  // The last good answer stays on the page while the next one loads, and when it fails.
  const [last, setLast] = useState<{ metrics: Metrics; at: number } | null>(null)
  if (query.data && query.data !== last?.metrics) {
    setLast({ metrics: query.data, at: query.dataUpdatedAt })
  }
  return {
    metrics: query.data ?? last?.metrics ?? null,
    receivedAt: query.data ? query.dataUpdatedAt : (last?.at ?? 0),
    outdated: !query.data && last !== null,
    problem: query.error ? asProblem(query.error) : null,
    loading: query.isFetching,
    retry: () => void query.refetch(),
  }
}

export function metricsKey(params: MetricsParams | null) {
  return ['metrics', params] as const
}

/** A document pushed by the live channel, unless a newer one is already shown. */
export function takeIn(client: QueryClient, params: MetricsParams, metrics: Metrics): void {
  client.setQueryData<Metrics>(metricsKey(params), (shown) => newer(shown, metrics))
}

/** An answer that took long must not turn the page back. */
function newer(shown: Metrics | undefined, next: Metrics): Metrics {
  return shown && shown.as_of > next.as_of ? shown : next
}
