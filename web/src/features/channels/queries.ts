/** One hook per endpoint that the page of channels reads. All keys begin with 'channels'. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '@/client/api'
import { asProblem } from '@/client/problem'
import { toast } from '@/ui/toast'

const CHANNELS = ['channels'] as const
const LOOK_MS = 10_000
const LIVE = { refetchInterval: LOOK_MS }

export function useConnections() {
  return useQuery({
    ...LIVE,
    queryKey: ['channels', 'connections'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/channels/connections', { signal })),
    select: ({ items }) => items,
  })
}

export function useFreshness() {
  return useQuery({
    ...LIVE,
    queryKey: ['channels', 'freshness'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/channels/freshness', { signal })),
    select: ({ items }) => items,
  })
}

export function useAlerts() {
  return useQuery({
    ...LIVE,
    queryKey: ['channels', 'alerts'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/channels/alerts', { signal })),
    select: ({ items }) => items.filter(({ resolved_at: at }) => at === null),
  })
}

export function useRuns() {
  return useQuery({
    ...LIVE,
    queryKey: ['channels', 'runs'],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/channels/runs', { params: { query: { limit: 50 } }, signal })),
    select: ({ items }) => items,
  })
}

export function useQuarantine() {
  return useQuery({
    ...LIVE,
    queryKey: ['channels', 'quarantine'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/channels/quarantine', { signal })),
    select: ({ items }) => items,
  })
}

type Act = {
  connection: string
  act: 'sync' | 'pause' | 'resume' | 'check' | 'replay'
}

/** What can be done to a connection; each says how it went. */
export function useAct() {
  const client = useQueryClient()
  return useMutation({
    networkMode: 'always',
    mutationFn: async ({ connection, act }: Act): Promise<string> => {
      const params = { path: { connection } }
      switch (act) {
        case 'sync': {
          const body = { channel: connection, resource: 'orders' as const, full: false }
          const done = await bodyOf(api.POST('/api/v1/orders/sync', { body }))
          const left = Object.values(done.left_out)[0]
          if (left !== undefined) throw new Error(left)
          return 'Orders are read now.'
        }
        case 'pause':
          await bodyOf(api.POST('/api/v1/channels/connections/{connection}/pause', { params }))
          return 'Paused. Nothing is read until you resume.'
        case 'resume':
          await bodyOf(api.POST('/api/v1/channels/connections/{connection}/resume', { params }))
          return 'Resumed.'
        case 'check': {
          const path = '/api/v1/channels/connections/{connection}/check'
          const { account } = await bodyOf(api.POST(path, { params }))
          return `It answers: ${account}.`
        }
        case 'replay': {
          const path = '/api/v1/channels/connections/{connection}/quarantine/replay'
          const done = await bodyOf(api.POST(path, { params, body: {} }))
          return `${done.booked} booked, ${done.refused} refused again.`
        }
      }
    },
    onSuccess: (text) => toast(text),
    onError: (error) => toast(asProblem(error).message, 'bad'),
    onSettled: () => client.invalidateQueries({ queryKey: CHANNELS }),
  })
}
