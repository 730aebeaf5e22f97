/** Swagger UI at `/docs/`: served by the service alone, over plain HTTP on any host name. */
import swaggerUi, { type FastifySwaggerUiConfigOptions } from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { ICON, LOGO, NAMES_SCRIPT, STYLE, STYLE_WITHOUT_TOKENS } from './swagger_ui_theme.ts';

/** Tags and operations keep the order of the document, which is the order of use. */
const UI_CONFIG: FastifySwaggerUiConfigOptions & { readonly requestSnippetsEnabled: boolean } = {
  deepLinking: true,
  tryItOutEnabled: true,
  filter: true,
  docExpansion: 'list',
  displayOperationId: true,
  displayRequestDuration: true,
  requestSnippetsEnabled: true,
  defaultModelExpandDepth: 3,
  // Folded: whoever looks for a schema comes from a route.
  defaultModelsExpandDepth: 0,
  showCommonExtensions: true,
  persistAuthorization: true,
  syntaxHighlight: { theme: 'tomorrow-night' },
};

/** Everything that Swagger UI needs over plain HTTP on any host name, and nothing from elsewhere. */
const CONTENT_SECURITY_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'font-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

interface Page {
  readonly title: string;
  /** Whether requests need a token, which the page then asks for. */
  readonly hasTokens: boolean;
}

export async function addSwaggerUi(app: FastifyInstance, { title, hasTokens }: Page): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: CONTENT_SECURITY_POLICY,
    uiConfig: UI_CONFIG,
    theme: {
      title,
      css: [{ filename: 'theme.css', content: hasTokens ? STYLE : `${STYLE}${STYLE_WITHOUT_TOKENS}` }],
      js: [{ filename: 'names.js', content: NAMES_SCRIPT }],
      favicon: [{ filename: 'icon.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: ICON }],
    },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO) },
  });
}
