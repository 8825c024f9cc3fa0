"""Everything of the product that is neither a page nor the analysis engine."""
