"""Bundles of iterations: packed and signed by the bot, unpacked and verified by anybody."""
