"""Taking over a scale set that something else made: `mapping` turns it into arguments (pure), `as_found` is what the component does with them."""
