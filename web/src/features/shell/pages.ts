/** The pages that people go to, in their order everywhere: bar, palette, help. */
import { ClipboardList, LayoutDashboard, type LucideIcon, Package, Users } from 'lucide-react'
import type { Right } from '@/features/session/me'

type PlaceToGo = {
  to: '/' | '/orders' | '/products' | '/users'
  label: string
  icon: LucideIcon
  /** G, then this. */
  key: string
  /** Hidden from those who may not. */
  needs?: Right
}

export const PAGES: PlaceToGo[] = [
  { to: '/', label: 'Dashboard', icon: LayoutDashboard, key: 'D' },
  { to: '/orders', label: 'Orders', icon: ClipboardList, key: 'O' },
  { to: '/products', label: 'Products', icon: Package, key: 'P' },
  { to: '/users', label: 'Users', icon: Users, key: 'U', needs: 'admin' },
]
