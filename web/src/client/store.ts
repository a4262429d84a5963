/** What every page wants to know about the store: its day, its clocks, its currency, its channels. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, bodyOf, type Filters } from './api'

const FIVE_MINUTES = 300_000

export function useStore() {
  return useQuery<Filters>({
    queryKey: ['filters'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/dashboard/filters', { signal })),
    staleTime: FIVE_MINUTES,
    // Also how an open page learns that the store's day has changed.
    refetchInterval: FIVE_MINUTES,
    placeholderData: keepPreviousData,
  })
}

/** The name of the store's clocks, for moments. */
export function useZone(): string | undefined {
  return useStore().data?.timezone
}

/** A channel's name as people say it. */
export function channelName(channel: string, store: Filters | undefined): string {
  return store?.channels.find((one) => one.channel === channel)?.name ?? channel
}
