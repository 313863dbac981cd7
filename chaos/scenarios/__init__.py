"""All scenarios; importing them registers them."""

import chaos.scenarios.cluster
import chaos.scenarios.crashes
import chaos.scenarios.customers
import chaos.scenarios.edge
import chaos.scenarios.operators
import chaos.scenarios.vendors  # noqa: F401
