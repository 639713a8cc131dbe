"""Puts rows that fit into the database of `MIGRATION_URL`, for two tenants: `make seed`; its argument is rows per entity."""

from __future__ import annotations

import os
import sys

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa

from app.migrate import up
from tests.trials import ENTITIES, TENANT_ENTITY
from tests.world import CannotMake, World


def main() -> None:
    """Migrate, then seed; say what could not be made."""
    url = os.environ.get("MIGRATION_URL") or os.environ["DATABASE_URL"]
    up(url)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with httpx.Client() as client:
        world = World(url, client, rsa.generate_private_key(public_exponent=65537, key_size=2048))
        world.settle()
        for name in ENTITIES:
            if name == TENANT_ENTITY:
                continue
            try:
                made = [world.row(name, number % 2) for number in range(count)]
                print(f"{name}: {len(made)} rows")
            except CannotMake as reason:
                print(f"{name}: none ({reason})")
    print("tenants:", ", ".join(world.tenants))


if __name__ == "__main__":
    main()
