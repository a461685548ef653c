import react from '@vitejs/plugin-react';
import { signaling } from 'react-signaling/vite';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [react(), signaling()] });
