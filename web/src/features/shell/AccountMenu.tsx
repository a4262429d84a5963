import { useNavigate } from '@tanstack/react-router'
import { CircleHelp, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useMe } from '@/features/session/me'
import { setTheme, type ThemeChoice, useThemeChoice } from '@/lib/theme'
import { Button } from '@/ui/Button'
import { Key } from '@/ui/Key'

type AccountMenuProps = { onHelp: () => void; onSignOut: () => void }

const THEMES: { value: ThemeChoice; label: string; icon: typeof Sun }[] = [
  { value: 'system', label: 'Like the system', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
]

const ITEM =
  'flex h-9 cursor-pointer items-center gap-2.5 rounded-lg px-3 outline-none data-[highlighted]:bg-sunk data-[state=checked]:bg-accent-soft data-[state=checked]:text-accent pointer-coarse:h-11'

export function AccountMenu({ onHelp, onSignOut }: AccountMenuProps) {
  const theme = useThemeChoice()
  const { data: me } = useMe()
  const navigate = useNavigate()
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button look="plain" aria-label="Account and appearance" className="-mr-2 px-2">
          <UserRound size={18} aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        align="end"
        sideOffset={6}
        collisionPadding={12}
        className="z-30 w-60 rounded-xl border border-line bg-card p-1.5 shadow-raised"
      >
        {me && (
          <>
            <DropdownMenu.Label className="px-3 py-1.5">
              <span className="block truncate font-semibold">{me.username}</span>
              <span className="block truncate text-xs text-muted">
                {me.email ? `${me.email} · ${me.role}` : me.role}
              </span>
            </DropdownMenu.Label>
            <DropdownMenu.Item className={ITEM} onSelect={() => void navigate({ to: '/account' })}>
              <UserRound size={16} aria-hidden /> Your account <Key className="ml-auto">G A</Key>
            </DropdownMenu.Item>
            <DropdownMenu.Separator className="mx-2 my-1.5 border-t border-line" />
          </>
        )}
        <DropdownMenu.Label className="flex items-center px-3 py-1.5 text-xs text-muted">
          Appearance <Key className="ml-auto">D</Key>
        </DropdownMenu.Label>
        <DropdownMenu.RadioGroup
          value={theme}
          onValueChange={(value) => setTheme(value as ThemeChoice)}
        >
          {THEMES.map(({ value, label, icon: Icon }) => (
            <DropdownMenu.RadioItem key={value} value={value} className={ITEM}>
              <Icon size={16} aria-hidden /> {label}
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator className="mx-2 my-1.5 border-t border-line" />
        <DropdownMenu.Item className={ITEM} onSelect={onHelp}>
          <CircleHelp size={16} aria-hidden /> Help <Key className="ml-auto">?</Key>
        </DropdownMenu.Item>
        <DropdownMenu.Item className={ITEM} onSelect={onSignOut}>
          <LogOut size={16} aria-hidden /> Sign out
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}
