import { commonMessage, type Dialect, JSON_TYPE, titleOf } from './dialect';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const html = (status: string, body: string): string =>
  `<html>\n <head>\n  <title>${status}</title>\n </head>\n <body>\n  <h1>${status}</h1>\n  ${body}<br /><br />\n\n\n` +
  ' </body>\n</html>';

/**
 * Glance's errors are WebOb's: JSON, HTML or plain text by the Accept header, HTML where anything goes. Glance's own
 * client (glanceclient 4.1) accepts anything and cannot read the JSON form, so the preference is not a matter of taste.
 */
export const glanceDialect: Dialect = {
  requestIdHeaders: ['x-openstack-request-id'],
  message: commonMessage,
  render(code, message, accept = '*/*') {
    const title = titleOf(code);
    const status = `${String(code)} ${title}`;
    const wanted = accept.toLowerCase();
    if (wanted.includes('text/html') || wanted.includes('*/*'))
      return { contentType: 'text/html; charset=UTF-8', body: html(status, escape(message)) };
    if (wanted.includes('json') || wanted.includes('application/*'))
      return { contentType: JSON_TYPE, body: JSON.stringify({ message, code: status, title }) };
    return { contentType: 'text/plain; charset=UTF-8', body: `${status}\n\n${message}\n` };
  },
};
