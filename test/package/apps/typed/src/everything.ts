// Makes the compiler read all declarations of the package.
export type * as root from 'react-signaling';
export type * as call from 'react-signaling/call';
export type * as components from 'react-signaling/components';
export type * as driver from 'react-signaling/driver';
export type * as hub from 'react-signaling/hub';
export type * as query from 'react-signaling/query';
export type * as testing from 'react-signaling/testing';
export type * as vite from 'react-signaling/vite';
