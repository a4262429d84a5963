/** What the list of users shows: the address, and nothing else. */
import type { Role } from '@/client/api'
import { readKnown, readText } from '@/lib/search'

export const ROLES = [
  'admin',
  'manager',
  'analyst',
  'fulfilment',
  'viewer',
] as const satisfies readonly Role[]

export type UsersSearch = {
  q?: string
  role?: Role
  /** `no`: only those who may not sign in any more; `all`: them too. */
  active?: 'no' | 'all'
  /** The form for a new one is open. */
  new?: '1'
}

export function readUsersSearch(search: Record<string, unknown>): UsersSearch {
  const q = readText(search.q)
  const [role] = readKnown(search.role, ROLES)
  return {
    ...(q && { q }),
    ...(role && { role }),
    ...((search.active === 'no' || search.active === 'all') && { active: search.active }),
    ...(search.new === '1' && { new: '1' }),
  }
}

export function usersParams({ q, role, active }: UsersSearch) {
  return {
    ...(q && { q: q.trim() }),
    ...(role && { role }),
    ...(active !== 'all' && { is_active: active !== 'no' }),
  }
}
