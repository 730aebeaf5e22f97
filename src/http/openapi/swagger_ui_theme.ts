/** What is ours of the page of Swagger UI: pictures, a style sheet over its own, names for what it leaves without one. */

/** A machine drawn in dashes: planned, not there. */
const MACHINE = `<rect x="3" y="5" width="38" height="24" rx="3" stroke-width="2" stroke-dasharray="5 3"/>
<path d="M22 29v6M13 36h18M12 13l5 4-5 4M21 21h8" stroke-width="2" stroke-linecap="round"/>`;

export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="220" height="40" viewBox="0 0 220 40" fill="none" stroke="#fff">
${MACHINE}
<text x="52" y="26" fill="#fff" stroke="none" font-family="sans-serif" font-size="20">vmlab-planner</text></svg>`;

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -4 48 48" fill="none" stroke="#fff">
<rect x="-2" y="-4" width="48" height="48" rx="8" fill="#17604a" stroke="none"/>
${MACHINE}</svg>`;

/** Less to look past, more room for what is sent and answered, and colours with the contrast that WCAG 2 AA asks for. */
export const STYLE = `
/* One document on one server: there is nothing to choose. */
.swagger-ui .topbar .download-url-wrapper,
.swagger-ui .schemes-server-container > div,
.swagger-ui .info hgroup.main > a,
.swagger-ui .response-col_links,
.swagger-ui .parameters-container > .opblock-description-wrapper { display: none; }
.swagger-ui .topbar { padding: 6px 0; }
.swagger-ui .topbar-wrapper { justify-content: space-between; }
.swagger-ui .info { margin: 24px 0 8px; }
.swagger-ui .info .title { font-size: 28px; }
.swagger-ui .info details summary { cursor: pointer; font-size: 14px; }
.swagger-ui .scheme-container { background: none; box-shadow: none; margin: 0; padding: 0; }
.swagger-ui .filter .operation-filter-input { margin: 8px 0; }
.swagger-ui .opblock-tag { font-size: 20px; }

/* Room for the profile and for the answer. */
.swagger-ui textarea.body-param__text { font-weight: 400; min-height: 24em; }
.swagger-ui .microlight, .swagger-ui .microlight code { font-weight: 400; }
.swagger-ui .curl.microlight { max-height: 16em; }
.swagger-ui .live-responses-table .highlight-code > .microlight { max-height: 70vh; }

/* Possible answers: what they mean beside what they look like. */
@media (min-width: 1000px) {
  .swagger-ui .responses-table:not(.live-responses-table) td.response-col_description {
    column-gap: 24px; display: grid; grid-template-columns: 1fr 2fr; grid-template-rows: auto 1fr;
  }
  .swagger-ui .responses-table:not(.live-responses-table) .response-col_description__inner { grid-column: 1; }
  .swagger-ui .responses-table:not(.live-responses-table) .response-controls {
    flex-direction: column; grid-column: 1; grid-row: 2; justify-content: start; padding-top: 8px;
  }
  .swagger-ui .responses-table:not(.live-responses-table) .model-example {
    grid-column: 2; grid-row: 1 / 3; margin-top: 0; min-width: 0;
  }
}
.swagger-ui .response-controls select { max-width: 100%; }

/* On a telephone the path and what it is for take the line; the name of the operation is for those who make clients. */
@media (max-width: 600px) {
  .swagger-ui .opblock-summary-operation-id { display: none; }
  .swagger-ui .opblock .opblock-summary-path { max-width: none; }
  .swagger-ui .opblock-tag { font-size: 16px; padding-right: 4px; }
}

/* What goes wrong on many routes alike: its examples are shown when they are asked for. */
.swagger-ui tr.response:has(> td > .problem-fold[aria-expanded=false]) :is(.response-controls, .model-example) { display: none; }
.swagger-ui tr.response:has(> td > .problem-fold[aria-expanded=false]) .response-col_description__inner { grid-column: 1 / 3; }
.swagger-ui .problem-fold { background: none; border: 0; color: inherit; cursor: pointer; display: block; font-size: 12px; padding: 4px 0; text-decoration: underline; }

/* Constants and examples in one line, always shown, without the index that each has. */
.swagger-ui :is(.json-schema-2020-12-keyword--enum, .json-schema-2020-12-keyword--examples)
  > .json-schema-2020-12-json-viewer__children { border: 0; display: inline-flex; flex-wrap: wrap; margin-left: 8px; }
.swagger-ui :is(.json-schema-2020-12-keyword--enum, .json-schema-2020-12-keyword--examples)
  > .json-schema-2020-12-json-viewer__children * { margin: 0 4px 0 0; }
.swagger-ui :is(.json-schema-2020-12-keyword--enum, .json-schema-2020-12-keyword--examples)
  :is(.json-schema-2020-12-accordion__icon, .json-schema-2020-12-expand-deep-button, .json-schema-2020-12__attribute,
  .json-schema-2020-12-json-viewer__children .json-schema-2020-12-json-viewer__name) { display: none; }
.swagger-ui .json-schema-2020-12-json-viewer__children .json-schema-2020-12-json-viewer__value::before { content: none; }

/* Contrast. */
html:not(.dark-mode) .swagger-ui .info .title small { background: #5b6371; }
html:not(.dark-mode) .swagger-ui .info .title small.version-stamp { background: #4a6b00; }
html:not(.dark-mode) .swagger-ui .info a { color: #1a5fa8; }
html:not(.dark-mode) .swagger-ui .btn.authorize { border-color: #17704f; color: #17704f; }
html:not(.dark-mode) .swagger-ui .btn.authorize svg { fill: #17704f; }
html:not(.dark-mode) .swagger-ui .btn.execute { background: #1a5fa8; border-color: #1a5fa8; }
html:not(.dark-mode) .swagger-ui .btn.cancel { border-color: #c22; color: #c22; }
html:not(.dark-mode) .swagger-ui .opblock.opblock-post .opblock-summary-method { background: #17704f; }
html:not(.dark-mode) .swagger-ui .opblock.opblock-get .opblock-summary-method { background: #1a5fa8; }
html:not(.dark-mode) .swagger-ui .json-schema-2020-12-expand-deep-button { color: #5b6371; }
html:not(.dark-mode) .swagger-ui .json-schema-2020-12__constraint--string { background: #7a5200; }
html:not(.dark-mode) .swagger-ui .renderedMarkdown code { color: #7209c9; }
html:not(.dark-mode) .swagger-ui .parameter__in { color: #5b6371; }
html:not(.dark-mode) .swagger-ui .download-contents { background: #5b6371; }
html.dark-mode .swagger-ui .opblock .opblock-section-header .try-out__btn.cancel { border-color: #ff8a8a; color: #ff8a8a; }
html.dark-mode .swagger-ui .examples-select .examples-select__section-label { color: #e4e6e6; }
`;

/** Where requests need no token the page does not ask for one. */
export const STYLE_WITHOUT_TOKENS = `
.swagger-ui .auth-wrapper, .swagger-ui .authorization__btn { display: none; }
`;

/** For those who hear the page or use it by keyboard, and for telephones, which draw a page without a viewport too small to read. */
export const NAMES_SCRIPT = `
const viewport = document.createElement('meta');
viewport.name = 'viewport';
viewport.content = 'width=device-width, initial-scale=1';
document.head.append(viewport);
const NAMES = {
  '.topbar .link img': { alt: 'vmlab-planner' },
  '.examples-select-element': { 'aria-label': 'Example' },
  '.body-param__text': { 'aria-label': 'Request body' },
  'pre.microlight': { tabindex: '0' },
};
/** A button below the status of each answer that is a problem. */
function foldProblems() {
  const statuses = '.responses-table:not(.live-responses-table) tr.response:is([data-code^="4"], [data-code^="5"]) > .response-col_status';
  for (const status of document.querySelectorAll(statuses)) {
    if (status.querySelector('.problem-fold')) continue;
    const button = document.createElement('button');
    button.className = 'problem-fold';
    button.type = 'button';
    button.textContent = 'Example';
    button.ariaExpanded = 'false';
    button.onclick = () => { button.ariaExpanded = String(button.ariaExpanded === 'false'); };
    status.append(button);
  }
}
function nameChoices() {
  for (const select of document.querySelectorAll('tr[data-param-name] select'))
    select.ariaLabel ??= select.closest('tr').dataset.paramName;
}
new MutationObserver(() => {
  foldProblems();
  nameChoices();
  for (const [selector, attributes] of Object.entries(NAMES))
    for (const element of document.querySelectorAll(selector))
      for (const [name, value] of Object.entries(attributes))
        if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}).observe(document.body, { childList: true, subtree: true });
`;
