import { CircleHelp, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { setTheme, type ThemeChoice, useThemeChoice } from '@/lib/theme'
import { Button } from '@/ui/Button'
import { Key } from '@/ui/Key'
import { Logo } from '@/ui/Logo'

type AppHeaderProps = {
  status: ReactNode
  onHelp: () => void
  onSignOut: () => void
}

export function AppHeader({ status, onHelp, onSignOut }: AppHeaderProps) {
  return (
    <header className="border-b border-line bg-card">
      <div className="mx-auto flex h-15 max-w-[88rem] items-center gap-2 px-4 sm:px-6">
        <div className="flex items-center gap-2.5">
          <Logo />
          <h1 className="text-[1.0625rem] font-semibold tracking-tight max-sm:sr-only">
            Tradewind
          </h1>
        </div>
        <div className="ml-auto">{status}</div>
        <Button
          look="plain"
          aria-label="Help and keyboard shortcuts"
          title="Help (?)"
          className="px-2 max-sm:hidden"
          onClick={onHelp}
        >
          <CircleHelp size={18} aria-hidden />
        </Button>
        <AccountMenu onHelp={onHelp} onSignOut={onSignOut} />
      </div>
    </header>
  )
}

const THEMES: { value: ThemeChoice; label: string; icon: typeof Sun }[] = [
  { value: 'system', label: 'Like the system', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
]

const ITEM =
  'flex h-9 cursor-pointer items-center gap-2.5 rounded-lg px-3 outline-none data-[highlighted]:bg-sunk data-[state=checked]:bg-accent-soft data-[state=checked]:text-accent pointer-coarse:h-11'

function AccountMenu({ onHelp, onSignOut }: Pick<AppHeaderProps, 'onHelp' | 'onSignOut'>) {
  const theme = useThemeChoice()
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
