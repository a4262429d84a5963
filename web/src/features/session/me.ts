/** Who is signed in, and what they may do. The server decides; this saves people useless attempts. */
import { useQuery } from '@tanstack/react-query'
import { api, bodyOf, type Me } from '@/client/api'
import type { Permission } from '@/ui/ActionButton'

const RIGHTS = {
  'catalog:write': 'change products',
  'stock:write': 'change stock',
  'orders:write': 'change orders',
  'orders:fulfil': 'send parcels or take returns in',
  'orders:refund': 'give money back',
  'customers:read': 'see who customers are',
  'customers:write': 'change customers or reviews',
  'promotions:write': 'change promotions',
  'audit:read': 'see who changed what',
  'api:write': 'run the channels',
  admin: 'manage users',
} as const

export type Right = keyof typeof RIGHTS

const FIVE_MINUTES = 300_000

export function useMe() {
  return useQuery<Me>({
    queryKey: ['me'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/auth/me', { signal })),
    staleTime: FIVE_MINUTES,
  })
}

export function useMay(right: Right): Permission {
  const { data, isError } = useMe()
  return permission(data, right, isError)
}

/** Not known yet: not allowed, without a reason. Not to be known: allowed, and the server says no. */
export function permission(me: Me | undefined, right: Right, unknowable = false): Permission {
  if (!me) return { allowed: unknowable, why: null }
  if (me.scopes.includes(right)) return { allowed: true, why: null }
  return {
    allowed: false,
    why: `As ${me.role} you may not ${RIGHTS[right]}. An admin can give you another role.`,
  }
}

/** The first of these that is not so. */
export function all(...permissions: Permission[]): Permission {
  return permissions.find(({ allowed }) => !allowed) ?? { allowed: true, why: null }
}

export function onlyIf(condition: boolean, why: string): Permission {
  return condition ? { allowed: true, why: null } : { allowed: false, why }
}
