"""One forecast: what regions like this did in years like this, and what the plan adds to it (参照预测)."""
