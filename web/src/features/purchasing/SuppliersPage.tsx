import { getRouteApi, Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { Factory, Plus } from 'lucide-react'
import { useRef } from 'react'
import type { Supplier } from '@/client/api'
import { useMay } from '@/features/session/me'
import { counted } from '@/lib/format'
import { useShortcuts } from '@/lib/shortcuts'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { COMPACT, SelectField } from '@/ui/Field'
import { Key } from '@/ui/Key'
import { ListPanel } from '@/ui/ListPanel'
import { Message } from '@/ui/Message'
import { NoMatch } from '@/ui/NoMatch'
import { SearchField } from '@/ui/SearchField'
import { Cell, type Column, Heads, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import { weekdaysOf } from './draft'
import { readSuppliersSearch, type SuppliersSearch } from './filters'
import { OffersSheet } from './OffersSheet'
import { PurchasingPage } from './PurchasingPage'
import { useSuppliers } from './queries'
import { SupplierSheet } from './SupplierSheet'

const route = getRouteApi('/in/purchasing/suppliers')

/** Whom goods are bought from, how long they take, and when they take orders. */
export function SuppliersPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const suppliers = useSuppliers(search)
  const may = useMay('stock:write')
  const field = useRef<HTMLInputElement>(null)
  const go = (next: SuppliersSearch, replace = false) =>
    void navigate({ search: readSuppliersSearch(next), replace, resetScroll: false })
  const add = () => go({ ...search, open: 'new' })
  useShortcuts({
    '/': () => field.current?.focus(),
    Escape: () => go({}),
    ...(may.allowed && { N: add }),
  })
  return (
    <PurchasingPage
      of="suppliers"
      actions={
        <ActionButton may={may} look="solid" onClick={add}>
          <Plus size={16} aria-hidden /> New supplier <Key className="border-transparent">N</Key>
        </ActionButton>
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          ref={field}
          label="Search suppliers"
          placeholder="Name or code"
          value={search.q ?? ''}
          onChange={(q) => go({ ...search, q }, true)}
          className="w-full sm:w-72"
        />
        <SelectField
          label="Which suppliers"
          hideLabel
          className={clsx('w-44', COMPACT)}
          value={search.active ?? ''}
          options={[
            { value: '', label: 'In use' },
            { value: 'no', label: 'No longer in use' },
            { value: 'all', label: 'All' },
          ]}
          onChange={(active) => go(readSuppliersSearch({ ...search, active }))}
        />
      </div>
      <ListPanel
        query={suppliers}
        of="supplier"
        height={57}
        waiting={6}
        empty={
          search.q || search.active ? (
            <NoMatch of="suppliers" onClear={() => go({})}>
              {search.q
                ? `No name and no code holds “${search.q}” within these filters.`
                : 'There is none of these.'}
            </NoMatch>
          ) : (
            <Message icon={Factory} title="No suppliers yet" className="min-h-80">
              Say whom you buy from and how long they take: then the plan knows when to order.
            </Message>
          )
        }
      >
        {(rows) => <SupplierTable rows={rows} search={search} />}
      </ListPanel>
      {search.open && (
        <SupplierSheet
          key={search.open}
          supplierId={search.open === 'new' ? undefined : search.open}
          onClose={() => go({ ...search, open: undefined }, true)}
        />
      )}
      {search.sells && (
        <OffersSheet
          key={search.sells}
          supplierId={search.sells}
          onClose={() => go({ ...search, sells: undefined }, true)}
        />
      )}
    </PurchasingPage>
  )
}

const COLUMNS: Column[] = [
  { label: 'Supplier' },
  { label: 'Takes orders', className: 'whitespace-nowrap max-sm:hidden' },
  { label: 'Currency', className: 'max-md:hidden' },
  { label: 'Arrives in', right: true, className: 'whitespace-nowrap' },
]

function SupplierTable({ rows, search }: { rows: Supplier[]; search: SuppliersSearch }) {
  return (
    <Table label="Suppliers">
      <Heads columns={COLUMNS} />
      <tbody>
        {rows.map((supplier) => (
          <tr key={supplier.supplier_id} className={LINK_ROW}>
            <RowHead className="w-full max-w-0">
              <span className="flex items-center gap-2">
                <Link
                  to="/purchasing/suppliers"
                  search={{ ...search, open: supplier.supplier_id }}
                  resetScroll={false}
                  className={clsx(ROW_LINK, 'truncate')}
                >
                  {supplier.name}
                </Link>
                {!supplier.is_active && <Badge>not in use</Badge>}
              </span>
              <span className="block truncate text-xs text-muted">
                {[supplier.code, supplier.email, supplier.phone].filter(Boolean).join(' · ')}
              </span>
            </RowHead>
            <Cell className="whitespace-nowrap max-sm:hidden">
              {weekdaysOf(supplier.order_weekdays)}
            </Cell>
            <Cell className="max-md:hidden">{supplier.currency}</Cell>
            <Cell right className="whitespace-nowrap">
              {supplier.lead_time_days === null ? (
                <span className="text-muted">not known</span>
              ) : (
                counted(supplier.lead_time_days, 'day')
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
