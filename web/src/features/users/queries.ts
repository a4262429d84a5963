/** One hook per endpoint that the pages of users read. All keys begin with 'users'. */
import { useQuery } from '@tanstack/react-query'
import { api, bodyOf, type SignIn, type User } from '@/client/api'
import { usePages } from '@/client/pages'
import { type UsersSearch, usersParams } from './filters'

export const USERS = ['users'] as const
const PAGE = 50

export function useUsers(search: UsersSearch, enabled: boolean) {
  const params = usersParams(search)
  return usePages<User>(
    ['users', 'list', params],
    (cursor, signal) =>
      bodyOf(
        api.GET('/api/v1/users', { params: { query: { ...params, cursor, limit: PAGE } }, signal }),
      ),
    enabled,
  )
}

export function useUser(userId: string) {
  return useQuery({
    queryKey: ['users', userId],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/users/{user_id}', { params: { path: { user_id: userId } }, signal })),
  })
}

export function useSessionsOf(userId: string) {
  return usePages<SignIn>(['users', userId, 'sessions'], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/users/{user_id}/sessions', {
        params: { path: { user_id: userId }, query: { cursor, limit: 20 } },
        signal,
      }),
    ),
  )
}
