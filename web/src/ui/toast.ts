/** Short messages that something was done, or why it was not. They go by themselves, and cover no field. */
import { useSyncExternalStore } from 'react'

export type Toast = { id: number; text: string; tone: 'good' | 'bad' }

const LASTS_MS = 6_000
const MOST = 3

let toasts: Toast[] = []
let last = 0
const listeners = new Set<() => void>()

function set(next: Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  const id = (last += 1)
  set([...toasts.filter((one) => one.text !== text), { id, text, tone }].slice(-MOST))
  setTimeout(() => dismiss(id), LASTS_MS)
}

export function dismiss(id: number): void {
  set(toasts.filter((one) => one.id !== id))
}

export function useToasts(): Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
}
