'use client';

export * from './driver/index.js';
export * from './react/index.js';
