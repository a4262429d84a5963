/** What the live shop says now. Its answers move within a second of a booking; keys begin with 'live'. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, bodyOf, type LiveFilters, type LiveGrid, type LiveSales } from '@/client/api'

export const LIVE = ['live'] as const
export const ROWS = 10
const POLL_MS = 10_000
const FIVE_MINUTES = 300_000
/** From the moment that the figures move until the live shop has taken in what moved them. */
const SETTLE_MS = 700

export type GridChoice = {
  category: string
  ranking: 'status' | 'price'
  showOutOfStock: boolean
}

export function useGrid({ category, ranking, showOutOfStock }: GridChoice) {
  const query = { category, ranking, show_out_of_stock: showOutOfStock, limit: ROWS }
  return useQuery<LiveGrid>({
    queryKey: ['live', 'grid', query],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/live/grid', { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  })
}

export function useLiveSales() {
  return useQuery<LiveSales>({
    queryKey: ['live', 'sales'],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/live/sales', { params: { query: { limit: ROWS } }, signal })),
    refetchInterval: POLL_MS,
  })
}

export function useLiveFilters() {
  return useQuery<LiveFilters>({
    queryKey: ['live', 'filters'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/live/filters', { signal })),
    staleTime: FIVE_MINUTES,
  })
}

/** Asks again whenever the dashboard's figures have moved, instead of waiting for the next look. */
export function useMovesWith(version: number | undefined): void {
  const client = useQueryClient()
  useEffect(() => {
    if (version === undefined) return
    const timer = setTimeout(
      () =>
        void Promise.all([
          client.invalidateQueries({ queryKey: ['live', 'grid'] }),
          client.invalidateQueries({ queryKey: ['live', 'sales'] }),
        ]),
      SETTLE_MS,
    )
    return () => clearTimeout(timer)
  }, [client, version])
}
