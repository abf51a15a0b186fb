"""Template deployments: reading expressions (`expressions`), their functions (`functions`), the template (`template`), carrying it out (`run`), what ARM shows (`view`)."""
