/** For orval: each request as JSON, with the header that says so; where a body may be of two types orval sends none. */
const JSON_ALONE = { include: ['application/json', 'application/problem+json'] };

module.exports = {
  planner: {
    input: { target: process.env.OPENAPI_DOCUMENT },
    output: {
      target: process.env.ORVAL_TARGET,
      client: 'fetch',
      mode: 'single',
      override: { contentType: JSON_ALONE },
    },
  },
};
