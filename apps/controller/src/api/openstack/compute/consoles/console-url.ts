import type { FastifyRequest } from 'fastify';

import type { ControllerConfig } from '../../../../config';
import { publicUrl } from '../../../http';

/** What opens a console, as nova's URLs are: noVNC's page for a screen, a websocket for everything else. */
export function consoleUrl(config: ControllerConfig, request: FastifyRequest, type: string, token: string): string {
  const base = publicUrl(config, request, 'console', false);
  if (type === 'novnc') return `${base}/vnc_lite.html?path=${encodeURIComponent(`?token=${token}`)}`;
  return `${base.replace(/^http/, 'ws')}/?token=${token}`;
}
