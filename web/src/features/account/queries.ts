/** One hook per endpoint of one's own account. All keys begin with 'account'. */
import { useQuery } from '@tanstack/react-query'
import { api, bodyOf, type SignIn } from '@/client/api'
import { usePages } from '@/client/pages'

export const ACCOUNT = ['account'] as const

export function useSecondFactor() {
  return useQuery({
    queryKey: ['account', 'totp'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/auth/totp', { signal })),
  })
}

export function useOwnSessions() {
  return usePages<SignIn>(['account', 'sessions'], (cursor, signal) =>
    bodyOf(api.GET('/api/v1/auth/sessions', { params: { query: { cursor, limit: 20 } }, signal })),
  )
}
