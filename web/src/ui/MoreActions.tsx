import { Ellipsis, type LucideIcon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { Permission } from './ActionButton'
import { Button } from './Button'
import { toast } from './toast'

export type Action = { label: string; icon: LucideIcon; may: Permission; run: () => void }

/** What is done less often, in a menu. What may not be done stays in it and says why. */
export function MoreActions({ actions }: { actions: Action[] }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button>
          <Ellipsis size={16} aria-hidden /> More
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        align="end"
        sideOffset={6}
        collisionPadding={12}
        className="z-30 w-72 rounded-xl border border-line bg-card p-1.5 shadow-raised"
      >
        {actions.map(({ label, icon: Icon, may, run }) => (
          <DropdownMenu.Item
            key={label}
            aria-disabled={!may.allowed || undefined}
            onSelect={() => (may.allowed ? run() : may.why && toast(may.why, 'bad'))}
            className="flex min-h-9 cursor-pointer items-start gap-2.5 rounded-lg px-3 py-2 outline-none data-[highlighted]:bg-sunk pointer-coarse:min-h-11"
          >
            <Icon size={16} aria-hidden className="mt-0.5 shrink-0 text-muted" />
            <span>
              <span className={may.allowed ? '' : 'text-muted'}>{label}</span>
              {may.why && <span className="block text-xs text-muted">{may.why}</span>}
            </span>
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}
