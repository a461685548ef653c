import express from 'express';
import { createHub, toNodeHandler } from 'react-signaling/hub';

const hub = createHub({
  publisherJwt: { key: process.env.MERCURE_PUBLISHER_JWT_KEY! },
  anonymous: true,
});
express().use(toNodeHandler(hub)).listen(8080);
