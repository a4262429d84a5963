import { Link, useLocation } from '@tanstack/react-router'
import clsx from 'clsx'
import { ChevronDown, Ellipsis } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { permission, useMe } from '@/features/session/me'
import { Key } from '@/ui/Key'
import { PAGES, type PlaceToGo } from './pages'

type Look = 'top' | 'bottom'

const LOOKS: Record<Look, string> = {
  top: 'flex h-9 items-center gap-2 rounded-lg px-3 font-medium text-muted hover:bg-sunk hover:text-ink data-[status=active]:bg-accent-soft data-[status=active]:text-accent pointer-coarse:h-11',
  bottom:
    'flex flex-col items-center justify-center gap-0.5 text-[0.6875rem] font-medium text-muted data-[status=active]:text-accent',
}

/** The pages: in the header, and under the thumb on a phone. */
export function PageBar({ className, look }: { className: string; look: Look }) {
  const { data: me } = useMe()
  const pages = PAGES.filter(({ needs }) => !needs || permission(me, needs).allowed)
  return (
    <nav aria-label="Pages" className={className}>
      {pages
        .filter(({ isMore }) => !isMore)
        .map(({ to, label, icon: Icon, key }) => (
          <Link
            key={to}
            to={to}
            search={{}}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            title={look === 'top' ? `${label} (G ${key})` : undefined}
            className={LOOKS[look]}
          >
            <Icon
              size={look === 'top' ? 16 : 20}
              aria-hidden
              className={look === 'top' ? 'max-lg:hidden' : ''}
            />
            {label}
          </Link>
        ))}
      <MorePages look={look} pages={pages.filter(({ isMore }) => isMore)} />
    </nav>
  )
}

/** The rest of them; the one that is open gives the menu its name. */
function MorePages({ look, pages }: { look: Look; pages: PlaceToGo[] }) {
  const path = useLocation({ select: ({ pathname }) => pathname })
  const here = pages.find(({ to }) => path === to || path.startsWith(`${to}/`))
  const Icon = here?.icon ?? Ellipsis
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={here ? `${here.label}, and more pages` : 'More pages'}
        data-status={here && 'active'}
        className={clsx(LOOKS[look], 'cursor-pointer')}
      >
        {look === 'bottom' && <Icon size={20} aria-hidden />}
        {here?.label ?? 'More'}
        {look === 'top' && <ChevronDown size={15} aria-hidden />}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={look === 'top' ? 'start' : 'end'}
          sideOffset={6}
          collisionPadding={12}
          className="z-30 w-56 rounded-xl border border-line bg-card p-1.5 shadow-raised"
        >
          {pages.map(({ to, label, icon: PageIcon, key }) => (
            <DropdownMenu.Item key={to} asChild>
              <Link
                to={to}
                search={{}}
                className="flex h-9 items-center gap-2.5 rounded-lg px-3 outline-none data-[highlighted]:bg-sunk data-[status=active]:text-accent pointer-coarse:h-11"
              >
                <PageIcon size={16} aria-hidden className="text-muted" />
                {label}
                <Key className="ml-auto">G {key}</Key>
              </Link>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
