"""The model loop that any kit uses: client, transcript, ledger, streaming, budget."""
