"""Who designs: rules without a model, or Claude."""
