/** The pages that people go to, in their order everywhere: bar, palette, help. */
import {
  BadgePercent,
  Cable,
  ChartColumn,
  ChartNoAxesCombined,
  ClipboardCheck,
  ClipboardList,
  ContactRound,
  HeartPulse,
  LayoutDashboard,
  type LucideIcon,
  MessageSquareText,
  Package,
  TrendingUp,
  Truck,
  Users,
  UsersRound,
} from 'lucide-react'
import type { Right } from '@/features/session/me'

export type PlaceToGo = {
  to:
    | '/'
    | '/insights'
    | '/orders'
    | '/products'
    | '/customers'
    | '/promotions'
    | '/reviews'
    | '/purchasing'
    | '/channels'
    | '/users'
  label: string
  icon: LucideIcon
  /** G, then this. */
  key: string
  /** Hidden from those who may not. */
  needs?: Right
  /** Needed less often: behind “More”, where the bar has room for no others. */
  isMore?: true
}

export const PAGES: PlaceToGo[] = [
  { to: '/', label: 'Dashboard', icon: LayoutDashboard, key: 'D' },
  { to: '/insights', label: 'Insights', icon: ChartNoAxesCombined, key: 'I' },
  { to: '/orders', label: 'Orders', icon: ClipboardList, key: 'O' },
  { to: '/products', label: 'Products', icon: Package, key: 'P' },
  { to: '/customers', label: 'Customers', icon: ContactRound, key: 'B', needs: 'customers:read' },
  { to: '/promotions', label: 'Promotions', icon: BadgePercent, key: 'M', isMore: true },
  { to: '/reviews', label: 'Reviews', icon: MessageSquareText, key: 'R', isMore: true },
  { to: '/purchasing', label: 'Purchasing', icon: Truck, key: 'Y', isMore: true },
  { to: '/channels', label: 'Channels', icon: Cable, key: 'L', isMore: true },
  { to: '/users', label: 'Users', icon: Users, key: 'U', needs: 'admin', isMore: true },
]

/** The reports behind Insights, in the order of their tabs. */
export const REPORTS = [
  { to: '/insights/sales', label: 'Sales', icon: ChartColumn, key: 'S' },
  { to: '/insights/customers', label: 'Customers', icon: UsersRound, key: 'C' },
  { to: '/insights/products', label: 'Product performance', icon: HeartPulse, key: 'F' },
  { to: '/insights/forecast', label: 'Forecast', icon: TrendingUp, key: 'T' },
  { to: '/insights/planning', label: 'Planning', icon: ClipboardCheck, key: 'N' },
] as const

/** What a report is called where the pages stand beside it: there are customers in both. */
export const reportName = (label: string) => `Insights: ${label}`
