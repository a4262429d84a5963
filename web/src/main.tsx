import './styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { followSystemTheme } from '@/lib/theme'
import { App } from './App'

followSystemTheme()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
