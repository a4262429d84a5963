import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { DashboardPage } from '@/features/dashboard/DashboardPage'
import { readDashboardSearch } from '@/features/dashboard/filters'
import { LoginPage } from '@/features/session/LoginPage'
import { ResetPage } from '@/features/session/ResetPage'
import { session } from '@/features/session/session'
import { parseSearch, stringifySearch } from '@/lib/search'
import { Message } from '@/ui/Message'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readDashboardSearch,
  beforeLoad: ({ location }) => {
    if (session.exists) return
    const next = location.href === '/' ? undefined : location.href
    throw redirect({ to: '/login', search: { next } })
  },
  component: DashboardPage,
})

type LoginSearch = { next?: string; ended?: string }

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): LoginSearch => ({
    next: ownPath(search.next),
    ended: search.ended === '1' ? '1' : undefined,
  }),
  component: LoginPage,
})

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: ResetPage,
})

/** Only a path of this site: an address that somebody sent must not lead elsewhere after sign-in. */
export function ownPath(next: unknown): string | undefined {
  if (typeof next !== 'string' || !next.startsWith('/')) return undefined
  const url = URL.canParse(next, window.location.origin)
    ? new URL(next, window.location.origin)
    : null
  if (!url || url.origin !== window.location.origin || url.pathname === '/login') return undefined
  return url.pathname + url.search
}

export function makeRouter() {
  return createRouter({
    routeTree: root.addChildren([dashboard, login, reset]),
    parseSearch,
    stringifySearch,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}

function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <Message
        icon={Compass}
        title="There is no page here"
        actions={
          <Link to="/" search={{}} className="font-medium text-accent underline underline-offset-4">
            Go to the dashboard
          </Link>
        }
      >
        The address may have been typed wrongly, or the page has moved.
      </Message>
    </main>
  )
}
