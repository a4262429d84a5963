import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import {
  BadgePercent,
  CircleHelp,
  ClipboardList,
  ContactRound,
  FileUp,
  type LucideIcon,
  Package,
  PackagePlus,
  Search,
  SunMoon,
  UserPlus,
  UserRound,
  UserRoundPlus,
} from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { api, bodyOf } from '@/client/api'
import { nameOf, placeOf } from '@/features/customers/words'
import { permission, type Right, useMay, useMe } from '@/features/session/me'
import { money } from '@/lib/format'
import { setTheme } from '@/lib/theme'
import { useLater } from '@/lib/useLater'
import { Key } from '@/ui/Key'
import { PAGES, reportName, REPORTS } from './pages'

type Entry = {
  id: string
  label: string
  note?: string
  icon: LucideIcon
  keys?: string
  run: () => void
}

type PaletteProps = { open: boolean; onClose: () => void; onHelp: () => void }

/** One field for everything: pages, acts, and the orders, products and customers whose number or name is typed. */
export function Palette({ open, onClose, onHelp }: PaletteProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (open && dialog && !dialog.open) dialog.showModal()
    if (!open && dialog?.open) dialog.close()
  }, [open])
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={ref}
      aria-label="Find anything"
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
      className="m-0 w-full max-w-none overflow-hidden border-line bg-card shadow-raised backdrop:bg-black/40 max-sm:h-dvh max-sm:max-h-none sm:mx-auto sm:mt-[12vh] sm:max-w-xl sm:rounded-2xl sm:border"
    >
      {open && <Finder onClose={onClose} onHelp={onHelp} />}
    </dialog>
  )
}

function Finder({ onClose, onHelp }: Omit<PaletteProps, 'open'>) {
  const [sought, setSought] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const commands = useCommands(onHelp)
  const found = useFound(sought.trim())
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean)
  const entries = [
    ...commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word))),
    ...found.entries,
  ]
  const chosen = entries[Math.min(at, entries.length - 1)]
  function run(entry: Entry | undefined) {
    if (!entry) return
    onClose()
    entry.run()
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      const from = Math.min(at, entries.length - 1)
      setAt((from + step + entries.length) % Math.max(1, entries.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(chosen)
    }
  }
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search size={18} className="shrink-0 text-muted" aria-hidden />
        <input
          // The dialog was opened to type.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          type="text"
          role="combobox"
          aria-label="Find a page, an order, a product, a customer"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen && `${id}-${chosen.id}`}
          autoComplete="off"
          spellCheck={false}
          placeholder="Order number, product, customer, page…"
          value={sought}
          onChange={(event) => {
            setSought(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
          className="h-13 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted"
        />
        <button type="button" onClick={onClose} className="rounded-md px-1 text-xs text-muted">
          Esc<span className="sr-only">: close</span>
        </button>
      </div>
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label="Found"
        className="max-h-[min(24rem,60dvh)] overflow-y-auto overscroll-contain p-1.5 max-sm:max-h-[calc(100dvh-6rem)]"
      >
        {entries.map((entry) => (
          <Row
            key={entry.id}
            id={`${id}-${entry.id}`}
            entry={entry}
            selected={entry === chosen}
            onPick={() => run(entry)}
            onPoint={() => setAt(entries.indexOf(entry))}
          />
        ))}
      </ul>
      <p role="status" className="border-t border-line px-4 py-2 text-xs text-muted">
        {found.busy
          ? 'Searching…'
          : entries.length === 0
            ? `Nothing like “${sought}”. Orders are found by number, products by name or SKU, customers by name or address.`
            : '↑ ↓ to choose, Enter to go'}
      </p>
    </>
  )
}

type RowProps = {
  id: string
  entry: Entry
  selected: boolean
  onPick: () => void
  onPoint: () => void
}

function Row({ id, entry, selected, onPick, onPoint }: RowProps) {
  const ref = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (selected) ref.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  const { icon: Icon, label, note, keys } = entry
  return (
    // Reached by the field's arrow keys: the focus stays in the field.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <li
      ref={ref}
      id={id}
      role="option"
      aria-selected={selected}
      onClick={onPick}
      onPointerMove={() => !selected && onPoint()}
      className="flex h-10 cursor-pointer items-center gap-3 rounded-lg px-3 aria-selected:bg-accent-soft pointer-coarse:h-12"
    >
      <Icon size={16} className="shrink-0 text-muted" aria-hidden />
      <span className="truncate">{label}</span>
      {note && <span className="num ml-auto shrink-0 text-xs text-muted">{note}</span>}
      {keys && <Key className="ml-auto">{keys}</Key>}
    </li>
  )
}

function useCommands(onHelp: () => void): Entry[] {
  const navigate = useNavigate()
  const { data: me } = useMe()
  const may = (right?: Right) => !right || permission(me, right).allowed
  const acts: (Entry & { needs?: Right })[] = [
    {
      id: 'new-product',
      label: 'New product',
      icon: PackagePlus,
      needs: 'catalog:write',
      run: () => void navigate({ to: '/products/new' }),
    },
    {
      id: 'import',
      label: 'Import or export products',
      icon: FileUp,
      run: () => void navigate({ to: '/products/files' }),
    },
    {
      id: 'to-send',
      label: 'Orders to send',
      icon: ClipboardList,
      run: () => void navigate({ to: '/orders', search: { status: ['confirmed', 'processing'] } }),
    },
    {
      id: 'new-customer',
      label: 'New customer',
      icon: UserRoundPlus,
      needs: 'customers:write',
      run: () => void navigate({ to: '/customers', search: { new: '1' } }),
    },
    {
      id: 'new-promotion',
      label: 'New promotion',
      icon: BadgePercent,
      needs: 'promotions:write',
      run: () => void navigate({ to: '/promotions', search: { open: 'new' } }),
    },
    {
      id: 'new-user',
      label: 'New user',
      icon: UserPlus,
      needs: 'admin',
      run: () => void navigate({ to: '/users', search: { new: '1' } }),
    },
    {
      id: 'account',
      label: 'Your account: password, second factor, sessions',
      icon: UserRound,
      keys: 'G A',
      run: () => void navigate({ to: '/account' }),
    },
    {
      id: 'theme',
      label: 'Light or dark',
      icon: SunMoon,
      keys: 'D',
      run: () => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
    },
    { id: 'help', label: 'Help and keyboard shortcuts', icon: CircleHelp, keys: '?', run: onHelp },
  ]
  const pages = PAGES.filter(({ needs }) => may(needs)).map(({ to, label, icon, key }) => ({
    id: `page${to}`,
    label,
    icon,
    keys: `G ${key}`,
    run: () => void navigate({ to, search: {} }),
  }))
  const reports = REPORTS.map(({ to, label, icon, key }) => ({
    id: `page${to}`,
    label: reportName(label),
    icon,
    keys: `G ${key}`,
    run: () => void navigate({ to, search: {} }),
  }))
  return [...pages, ...reports, ...acts.filter(({ needs }) => may(needs))]
}

const FEWEST_LETTERS = 2
const MOST_FOUND = 6

/** Orders, products and people from the server, once somebody has stopped typing for a moment. */
function useFound(sought: string): { entries: Entry[]; busy: boolean } {
  const router = useRouter()
  const asked = useLater(sought)
  const enabled = asked.length >= FEWEST_LETTERS
  const orders = useQuery({
    queryKey: ['orders', 'palette', asked],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/v1/orders', { params: { query: { q: asked, limit: MOST_FOUND } }, signal }),
      ),
  })
  const products = useQuery({
    queryKey: ['products', 'palette', asked],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/v1/products/search', {
          params: { query: { q: asked, limit: MOST_FOUND, status: ['active', 'draft'] } },
          signal,
        }),
      ),
  })
  const mayPeople = useMay('customers:read').allowed
  const people = useQuery({
    queryKey: ['customers', 'palette', asked],
    enabled: enabled && mayPeople,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/v1/customers', {
          params: { query: { q: asked, limit: MOST_FOUND } },
          signal,
        }),
      ),
  })
  if (!enabled || sought.length < FEWEST_LETTERS) return { entries: [], busy: false }
  const entries: Entry[] = [
    ...(orders.data?.items ?? []).map((order) => ({
      id: order.order_id,
      label: order.order_number,
      note: `${order.status} · ${money(order.total, order.currency)}`,
      icon: ClipboardList,
      run: () =>
        void router.navigate({ to: '/orders/$orderId', params: { orderId: order.order_id } }),
    })),
    ...(products.data?.items ?? []).map((product) => ({
      id: product.product_id,
      label: product.name,
      note: product.sku ?? 'group',
      icon: Package,
      run: () =>
        void router.navigate({
          to: '/products/$productId',
          params: { productId: product.product_id },
        }),
    })),
    ...(people.data?.items ?? []).map((customer) => ({
      id: customer.customer_id,
      label: nameOf(customer),
      note: placeOf(customer) ?? undefined,
      icon: ContactRound,
      run: () =>
        void router.navigate({
          to: '/customers/$customerId',
          params: { customerId: customer.customer_id },
        }),
    })),
  ]
  const busy = [orders, products, people].some(({ isFetching }) => isFetching)
  return { entries, busy: busy || asked !== sought }
}
