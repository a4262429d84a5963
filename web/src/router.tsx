import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  Link,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { CloudOff, Compass } from 'lucide-react'
import { readCustomersSearch as readPeopleSearch } from '@/features/customers/filters'
import { DashboardPage } from '@/features/dashboard/DashboardPage'
import { readDashboardSearch } from '@/features/dashboard/filters'
import {
  readCustomersSearch,
  readForecastSearch,
  readPerformanceSearch,
  readPlanningSearch,
  readSalesSearch,
} from '@/features/insights/filters'
import { readOrdersSearch } from '@/features/orders/filters'
import { readProductsSearch } from '@/features/products/filters'
import { readPromotionsSearch } from '@/features/promotions/filters'
import { readPurchasesSearch, readSuppliersSearch } from '@/features/purchasing/filters'
import { readReviewsSearch } from '@/features/reviews/filters'
import { session } from '@/features/session/session'
import { Shell } from '@/features/shell/Shell'
import { readUsersSearch } from '@/features/users/filters'
import { parseSearch, stringifySearch } from '@/lib/search'
import { Button } from '@/ui/Button'
import { Message } from '@/ui/Message'
import { Waiting } from '@/ui/Waiting'

type Typed = Record<string, unknown>

/** What a page reads of its address, and nothing else: the router would let words through that it left out. */
function only<Search extends object>(read: (search: Typed) => Search): (search: Typed) => Search {
  return (search) => ({
    ...Object.fromEntries(Object.keys(search).map((name) => [name, undefined])),
    ...read(search),
  })
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

/** All that needs somebody to be signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'in',
  beforeLoad: ({ location }) => {
    if (session.exists) return
    const next = location.href === '/' ? undefined : location.href
    throw redirect({ to: '/login', search: { next } })
  },
  component: Shell,
})

const dashboard = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: only(readDashboardSearch),
  component: DashboardPage,
})

const people = createRoute({
  getParentRoute: () => inside,
  path: '/customers',
  validateSearch: only(readPeopleSearch),
  component: lazyRouteComponent(
    () => import('@/features/customers/CustomersPage'),
    'CustomersPage',
  ),
})

const person = createRoute({
  getParentRoute: () => inside,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('@/features/customers/CustomerPage'), 'CustomerPage'),
})

const insights = createRoute({
  getParentRoute: () => inside,
  path: '/insights',
})

const anyInsights = createRoute({
  getParentRoute: () => insights,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/insights/sales', search: {} })
  },
})

const sales = createRoute({
  getParentRoute: () => insights,
  path: '/sales',
  validateSearch: only(readSalesSearch),
  component: lazyRouteComponent(() => import('@/features/insights/sales/SalesPage'), 'SalesPage'),
})

const customers = createRoute({
  getParentRoute: () => insights,
  path: '/customers',
  validateSearch: only(readCustomersSearch),
  component: lazyRouteComponent(
    () => import('@/features/insights/customers/CustomersPage'),
    'CustomersPage',
  ),
})

const performance = createRoute({
  getParentRoute: () => insights,
  path: '/products',
  validateSearch: only(readPerformanceSearch),
  component: lazyRouteComponent(
    () => import('@/features/insights/products/PerformancePage'),
    'PerformancePage',
  ),
})

const forecast = createRoute({
  getParentRoute: () => insights,
  path: '/forecast',
  validateSearch: only(readForecastSearch),
  component: lazyRouteComponent(
    () => import('@/features/insights/forecast/ForecastPage'),
    'ForecastPage',
  ),
})

const planning = createRoute({
  getParentRoute: () => insights,
  path: '/planning',
  validateSearch: only(readPlanningSearch),
  component: lazyRouteComponent(
    () => import('@/features/insights/planning/PlanningPage'),
    'PlanningPage',
  ),
})

const transfer = createRoute({
  getParentRoute: () => insights,
  path: '/planning/transfers/$transferId',
  component: lazyRouteComponent(
    () => import('@/features/insights/planning/TransferPage'),
    'TransferPage',
  ),
})

const orders = createRoute({
  getParentRoute: () => inside,
  path: '/orders',
  validateSearch: only(readOrdersSearch),
  component: lazyRouteComponent(() => import('@/features/orders/OrdersPage'), 'OrdersPage'),
})

const order = createRoute({
  getParentRoute: () => inside,
  path: '/orders/$orderId',
  component: lazyRouteComponent(() => import('@/features/orders/OrderPage'), 'OrderPage'),
})

const products = createRoute({
  getParentRoute: () => inside,
  path: '/products',
  validateSearch: only(readProductsSearch),
  component: lazyRouteComponent(() => import('@/features/products/ProductsPage'), 'ProductsPage'),
})

const newProduct = createRoute({
  getParentRoute: () => inside,
  path: '/products/new',
  component: lazyRouteComponent(
    () => import('@/features/products/NewProductPage'),
    'NewProductPage',
  ),
})

const productFiles = createRoute({
  getParentRoute: () => inside,
  path: '/products/files',
  component: lazyRouteComponent(() => import('@/features/products/FilesPage'), 'FilesPage'),
})

const product = createRoute({
  getParentRoute: () => inside,
  path: '/products/$productId',
  component: lazyRouteComponent(() => import('@/features/products/ProductPage'), 'ProductPage'),
})

const promotions = createRoute({
  getParentRoute: () => inside,
  path: '/promotions',
  validateSearch: only(readPromotionsSearch),
  component: lazyRouteComponent(
    () => import('@/features/promotions/PromotionsPage'),
    'PromotionsPage',
  ),
})

const reviews = createRoute({
  getParentRoute: () => inside,
  path: '/reviews',
  validateSearch: only(readReviewsSearch),
  component: lazyRouteComponent(() => import('@/features/reviews/ReviewsPage'), 'ReviewsPage'),
})

const purchases = createRoute({
  getParentRoute: () => inside,
  path: '/purchasing',
  validateSearch: only(readPurchasesSearch),
  component: lazyRouteComponent(
    () => import('@/features/purchasing/PurchasesPage'),
    'PurchasesPage',
  ),
})

const suppliers = createRoute({
  getParentRoute: () => inside,
  path: '/purchasing/suppliers',
  validateSearch: only(readSuppliersSearch),
  component: lazyRouteComponent(
    () => import('@/features/purchasing/SuppliersPage'),
    'SuppliersPage',
  ),
})

const purchaseOrder = createRoute({
  getParentRoute: () => inside,
  path: '/purchasing/$orderId',
  component: lazyRouteComponent(
    () => import('@/features/purchasing/PurchaseOrderPage'),
    'PurchaseOrderPage',
  ),
})

const channels = createRoute({
  getParentRoute: () => inside,
  path: '/channels',
  component: lazyRouteComponent(() => import('@/features/channels/ChannelsPage'), 'ChannelsPage'),
})

const users = createRoute({
  getParentRoute: () => inside,
  path: '/users',
  validateSearch: only(readUsersSearch),
  component: lazyRouteComponent(() => import('@/features/users/UsersPage'), 'UsersPage'),
})

const user = createRoute({
  getParentRoute: () => inside,
  path: '/users/$userId',
  component: lazyRouteComponent(() => import('@/features/users/UserPage'), 'UserPage'),
})

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('@/features/account/AccountPage'), 'AccountPage'),
})

type LoginSearch = { next?: string; ended?: string }

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Typed): LoginSearch => ({
    next: ownPath(search.next),
    ended: search.ended === '1' ? '1' : undefined,
  }),
  component: lazyRouteComponent(() => import('@/features/session/LoginPage'), 'LoginPage'),
})

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('@/features/session/ResetPage'), 'ResetPage'),
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
    routeTree: root.addChildren([
      inside.addChildren([
        dashboard,
        insights.addChildren([
          anyInsights,
          sales,
          customers,
          performance,
          forecast,
          planning,
          transfer,
        ]),
        orders,
        order,
        products,
        newProduct,
        productFiles,
        product,
        people,
        person,
        promotions,
        reviews,
        purchases,
        suppliers,
        purchaseOrder,
        channels,
        users,
        user,
        account,
      ]),
      login,
      reset,
    ]),
    parseSearch,
    stringifySearch,
    // A page's code comes while the pointer is on its way to it.
    defaultPreload: 'intent',
    defaultPendingComponent: Waiting,
    defaultPendingMs: 150,
    defaultErrorComponent: Broken,
    scrollRestoration: true,
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

/** Most often the page's code did not come, because the line broke or a newer version is installed. */
function Broken({ error }: ErrorComponentProps) {
  return (
    <main className="grid min-h-80 place-items-center">
      <div role="alert">
        <Message
          icon={CloudOff}
          title="This page did not load"
          actions={
            <Button look="solid" onClick={() => window.location.reload()}>
              Load it again
            </Button>
          }
        >
          {error instanceof Error ? error.message : null}
        </Message>
      </div>
    </main>
  )
}
