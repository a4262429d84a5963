import { getRouteApi, Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { FilterX, Plus, ShieldCheck } from 'lucide-react'
import { useRef } from 'react'
import type { Role, User } from '@/client/api'
import { useZone } from '@/client/store'
import { Guarded } from '@/features/session/Guarded'
import { useMay, useMe } from '@/features/session/me'
import { moment } from '@/lib/format'
import { useShortcuts } from '@/lib/shortcuts'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { Button } from '@/ui/Button'
import { SelectField } from '@/ui/Field'
import { Key } from '@/ui/Key'
import { ListPanel } from '@/ui/ListPanel'
import { Message } from '@/ui/Message'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { Cell, Head, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import { readUsersSearch, ROLES, type UsersSearch } from './filters'
import { NewUserSheet } from './NewUserSheet'
import { useUsers } from './queries'
import { ROLE_WORDS } from './words'

const route = getRouteApi('/in/users')

export function UsersPage() {
  return (
    <Guarded right="admin" title="Users" locked="Only for admins">
      <Users />
    </Guarded>
  )
}

function Users() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay('admin')
  const users = useUsers(search, may.allowed)
  const field = useRef<HTMLInputElement>(null)
  const go = (next: UsersSearch, replace = false) =>
    void navigate({ search: readUsersSearch(next), replace, resetScroll: false })
  const add = () => go({ ...search, new: '1' })
  useShortcuts({
    '/': () => field.current?.focus(),
    Escape: () => go({}),
    ...(may.allowed && { N: add }),
  })
  return (
    <Page
      title="Users"
      actions={
        <ActionButton may={may} look="solid" onClick={add}>
          <Plus size={16} aria-hidden /> New user <Key className="border-transparent">N</Key>
        </ActionButton>
      }
    >
      <div className="space-y-3">
        <div className="flex flex-wrap items-center gap-2">
          <SearchField
            ref={field}
            label="Search users"
            placeholder="Name or address"
            value={search.q ?? ''}
            onChange={(q) => go({ ...search, q }, true)}
            className="w-full sm:w-72"
          />
          <SelectField
            label="Role"
            hideLabel
            className="w-40"
            value={search.role ?? ''}
            options={[
              { value: '', label: 'All roles' },
              ...ROLES.map((value) => ({ value, label: ROLE_WORDS[value].label })),
            ]}
            onChange={(role) => go({ ...search, role: (role || undefined) as Role | undefined })}
          />
          <SelectField
            label="Who may sign in"
            hideLabel
            className="w-44"
            value={search.active ?? ''}
            options={[
              { value: '', label: 'Active' },
              { value: 'no', label: 'Deactivated' },
              { value: 'all', label: 'All' },
            ]}
            onChange={(active) =>
              go({ ...search, active: (active || undefined) as UsersSearch['active'] })
            }
          />
        </div>
        <ListPanel
          query={users}
          of="user"
          height={57}
          waiting={6}
          empty={
            <Message
              icon={FilterX}
              title="No users match"
              className="min-h-60"
              actions={
                <Button look="solid" onClick={() => go({})}>
                  Clear the filters
                </Button>
              }
            />
          }
        >
          {(rows) => <UserTable rows={rows} />}
        </ListPanel>
      </div>
      <NewUserSheet
        open={search.new === '1'}
        onClose={() => go({ ...search, new: undefined }, true)}
      />
    </Page>
  )
}

function UserTable({ rows }: { rows: User[] }) {
  const zone = useZone()
  const { data: me } = useMe()
  return (
    <Table label="Users by name">
      <thead>
        <tr>
          <Head>User</Head>
          <Head>Role</Head>
          <Head className="max-sm:hidden">Second factor</Head>
          <Head className="max-md:hidden">Last sign-in</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((user) => (
          <tr key={user.user_id} className={LINK_ROW}>
            <RowHead>
              <Link
                to="/users/$userId"
                params={{ userId: user.user_id }}
                className={clsx(ROW_LINK, 'break-all')}
              >
                {user.username}
              </Link>{' '}
              {user.user_id === me?.user_id && <Badge tone="accent">you</Badge>}{' '}
              {!user.is_active && <Badge tone="bad">deactivated</Badge>}
              <span className="block text-xs break-all text-muted">
                {user.email ?? 'no address'}
              </span>
            </RowHead>
            <Cell>{ROLE_WORDS[user.role].label}</Cell>
            <Cell className="max-sm:hidden">
              {user.has_second_factor ? (
                <span className="inline-flex items-center gap-1.5 text-up">
                  <ShieldCheck size={15} aria-hidden /> On
                </span>
              ) : (
                <span className="text-muted">Off</span>
              )}
            </Cell>
            <Cell className="whitespace-nowrap max-md:hidden">
              {user.last_login_at ? (
                moment(user.last_login_at, zone)
              ) : (
                <span className="text-muted">never</span>
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
