import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Page } from '@/ui/Page'
import { PILLS, pillClass } from '@/ui/pills'

type PurchasingPageProps = {
  of: 'orders' | 'suppliers'
  actions?: ReactNode
  children: ReactNode
}

/** The two lists of purchasing, each with the way to the other. */
export function PurchasingPage({ of, actions, children }: PurchasingPageProps) {
  const tab = (isHere: boolean) => ({
    search: {},
    className: clsx(pillClass(isHere)),
    'aria-current': isHere || undefined,
  })
  return (
    <Page title={of === 'orders' ? 'Purchase orders' : 'Suppliers'} actions={actions}>
      <div className="space-y-3">
        <nav aria-label="Purchasing" className={PILLS}>
          <Link to="/purchasing" {...tab(of === 'orders')}>
            Purchase orders
          </Link>
          <Link to="/purchasing/suppliers" {...tab(of === 'suppliers')}>
            Suppliers
          </Link>
        </nav>
        {children}
      </div>
    </Page>
  )
}
